import type { CentralTrx } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';

/** Enters an open school that has a schema: the least that the fleet knows of one. */
export async function enterSchool(trx: CentralTrx, schemaName: string, number: number): Promise<void> {
  await trx.raw(
    `INSERT INTO public.tenants (id, schema_name, subdomain, status, name, school_type, email, phone, address, postal_code, city,
       primary_color, secondary_color, max_students, max_storage_gb, modules_enabled, settings, provisioned_at, search_text)
     VALUES (?, ?, ?, 'active', ?, 'lycee', 'ecole@example.org', '0145678901', '1 rue', '75001', 'Paris', '#1976D2', '#424242',
       1000, 50, '{}', '{}', now(), '')`,
    [uuidv7(), schemaName, `fleet-${number}`, `École ${number}`],
  );
}
