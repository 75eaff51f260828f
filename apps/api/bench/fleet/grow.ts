import { newSchemaName, type CentralTrx } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import type { Installation } from '../installation.ts';

const AT_ONCE = 50;

/** Adds open schools until there are so many: schema, row and address, without the rest of a creation. */
export async function growTo({ services }: Installation, count: number): Promise<void> {
  const { tenancy, migrator, base } = services;
  const held = await tenancy.central(
    async ({ trx }) => (await trx.raw('SELECT count(*)::int AS held FROM public.tenants')).rows[0].held,
    { readOnly: true },
  );
  for (let number: number = held; number < count; number += AT_ONCE)
    await tenancy.central(async ({ trx }) => {
      for (let at = number; at < Math.min(count, number + AT_ONCE); at += 1) {
        const schemaName = newSchemaName();
        await migrator.buildTenant(trx, schemaName);
        await enter(trx, schemaName, `fleet-${at}`, base.domain);
      }
    });
}

async function enter(trx: CentralTrx, schemaName: string, subdomain: string, domain: string): Promise<void> {
  const id = uuidv7();
  await trx.raw(
    `INSERT INTO public.tenants (id, schema_name, subdomain, status, name, school_type, email, phone, address, postal_code, city,
       primary_color, secondary_color, max_students, max_storage_gb, modules_enabled, settings, provisioned_at, search_text)
     SELECT ?, ?, ?, 'active', ?, 'lycee', 'ecole@example.org', '0145678901', '1 rue', '75001', 'Paris', '#1976D2', '#424242',
       1000, 50, m.modules_enabled, m.settings, now(), ? FROM public.tenants m ORDER BY m.created_on LIMIT 1`,
    [id, schemaName, subdomain, `École ${subdomain}`, subdomain],
  );
  await trx.raw(
    `INSERT INTO public.domains (id, tenant_id, domain, kind, is_primary, status) VALUES (?, ?, ?, 'subdomain', true, 'active')`,
    [uuidv7(), id, `${subdomain}.${domain}`],
  );
}
