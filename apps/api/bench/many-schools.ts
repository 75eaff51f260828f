import { randomBytes } from 'node:crypto';
import { DEFAULT_SETTINGS } from '@preau/contracts/tenant-settings';
import pg from 'pg';

/** Subdomain of the n-th school that was entered. */
export const nthSubdomain = (n: number): string => `ecole-${n}`;

/**
 * Enters open schools straight into the shared tables, from number `from` on: descriptions and addresses, no schemas, since what
 * is tried is how they are found. Thousands take a second.
 */
export async function enterSchools(
  adminUrl: string,
  baseDomain: string,
  from: number,
  to: number,
): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const salt = randomBytes(4).toString('hex');
    await client.query(
      `WITH entered AS (
         INSERT INTO public.tenants (id, schema_name, subdomain, status, name, school_type, email, phone, address, postal_code,
           city, primary_color, secondary_color, max_students, max_storage_gb, modules_enabled, settings, search_text,
           provisioned_at)
         SELECT gen_random_uuid(), 't_' || $4 || lpad(to_hex(n), 8, '0'), 'ecole-' || n, 'active', 'École ' || n, 'ecole',
           'direction@ecole.example', '0145678901', '12 rue de la République', '75011', 'Paris',
           '#' || upper(lpad(to_hex((n * 7919) % 16777216), 6, '0')), '#424242', 1000, 50, '{"announcements": true}',
           $5::jsonb, 'ecole ' || n, now()
         FROM generate_series($2::int, $3::int - 1) AS n
         RETURNING id, subdomain)
       INSERT INTO public.domains (id, tenant_id, domain, kind, is_primary, status)
       SELECT gen_random_uuid(), id, subdomain || '.' || $1, 'subdomain', true, 'active' FROM entered`,
      [baseDomain, from, to, salt, JSON.stringify(DEFAULT_SETTINGS)],
    );
    await client.query('ANALYZE public.tenants, public.domains');
  } finally {
    await client.end();
  }
}
