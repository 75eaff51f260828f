import type { Knex } from 'knex';

/** Keys of schools besides those of the platform, and where each may be used from. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE public.api_keys
      -- Null: a key of the platform.
      ADD COLUMN tenant_id uuid REFERENCES public.tenants (id) ON DELETE CASCADE,
      -- The first of the keys that took one another's place: what one has made, the next may go on with.
      ADD COLUMN lineage uuid,
      -- Addresses and networks; none means from anywhere.
      ADD COLUMN allowed_addresses text[] NOT NULL DEFAULT '{}',
      ADD COLUMN created_by text;
    UPDATE public.api_keys SET lineage = id;
    CREATE INDEX api_keys_tenant_index ON public.api_keys (tenant_id, created_at) WHERE revoked_at IS NULL;

    -- The lineage of the key that entered the school.
    ALTER TABLE public.tenants ADD COLUMN entered_by_key uuid;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE public.tenants DROP COLUMN entered_by_key;
    DELETE FROM public.api_keys WHERE tenant_id IS NOT NULL;
    ALTER TABLE public.api_keys
      DROP COLUMN created_by, DROP COLUMN allowed_addresses, DROP COLUMN lineage, DROP COLUMN tenant_id;
  `);
}
