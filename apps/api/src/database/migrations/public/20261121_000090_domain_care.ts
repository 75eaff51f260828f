import type { Knex } from 'knex';

/** What the check of a domain found, addresses that redirect, and subdomains that schools were renamed from. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE public.domains
      DROP CONSTRAINT domains_kind_check,
      DROP CONSTRAINT domains_status_check,
      DROP CONSTRAINT domains_check,
      ADD COLUMN redirects boolean NOT NULL DEFAULT false,
      ADD COLUMN vouched boolean NOT NULL DEFAULT false,
      ADD COLUMN expires_at timestamptz,
      ADD COLUMN checked_at timestamptz,
      ADD COLUMN failing_since timestamptz,
      ADD COLUMN report jsonb,
      ADD CONSTRAINT domains_kind_check CHECK (kind IN ('subdomain', 'alias', 'custom', 'former')),
      ADD CONSTRAINT domains_status_check CHECK (status IN ('pending', 'active', 'failing')),
      ADD CONSTRAINT domains_primary_check CHECK (NOT is_primary OR (status <> 'pending' AND kind <> 'former')),
      ADD CONSTRAINT domains_failing_check CHECK ((status = 'failing') = (failing_since IS NOT NULL)),
      ADD CONSTRAINT domains_former_check CHECK ((kind = 'former') = (expires_at IS NOT NULL));
    -- Until now a domain became active by a word of the platform, and kept no token then.
    UPDATE public.domains SET vouched = true WHERE kind = 'custom' AND status = 'active';
    CREATE INDEX domains_expiry_index ON public.domains (expires_at) WHERE expires_at IS NOT NULL;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP INDEX public.domains_expiry_index;
    DELETE FROM public.domains WHERE kind = 'former';
    ALTER TABLE public.domains
      DROP CONSTRAINT domains_kind_check,
      DROP CONSTRAINT domains_status_check,
      DROP CONSTRAINT domains_primary_check,
      DROP CONSTRAINT domains_failing_check,
      DROP CONSTRAINT domains_former_check;
    UPDATE public.domains SET status = 'active' WHERE status = 'failing';
    ALTER TABLE public.domains
      DROP COLUMN redirects, DROP COLUMN vouched, DROP COLUMN expires_at, DROP COLUMN checked_at,
      DROP COLUMN failing_since, DROP COLUMN report,
      ADD CONSTRAINT domains_kind_check CHECK (kind IN ('subdomain', 'alias', 'custom')),
      ADD CONSTRAINT domains_status_check CHECK (status IN ('pending', 'active')),
      ADD CONSTRAINT domains_check CHECK (NOT is_primary OR status = 'active');
  `);
}
