import type { Knex } from 'knex';

/** Archives of schools: backups, and exports that a school takes along. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE public.bundles (
      id uuid PRIMARY KEY,
      -- No foreign key: a backup outlives its school, which can be brought back from it until its own time is over.
      tenant_id uuid NOT NULL,
      school_name text NOT NULL,
      subdomain text NOT NULL,
      kind text NOT NULL CHECK (kind IN ('backup', 'export')),
      cause text NOT NULL CHECK (cause IN ('asked', 'school', 'schedule', 'restore', 'clone', 'import')),
      status text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'done', 'failed')),
      storage_key text NOT NULL UNIQUE,
      encrypted boolean NOT NULL,
      bytes bigint,
      -- Of its last part, which holds the checksums of all others.
      checksum text,
      schema_version text,
      row_count bigint,
      file_count bigint,
      file_bytes bigint,
      made_by text NOT NULL,
      failure text,
      created_at timestamptz NOT NULL DEFAULT now(),
      finished_at timestamptz,
      -- When it was last held against its checksums, and when it was last restored aside and compared.
      verified_at timestamptz,
      drilled_at timestamptz,
      -- Null: until somebody removes it.
      keep_until timestamptz,
      CHECK ((status = 'running') = (finished_at IS NULL))
    );
    CREATE INDEX bundles_tenant_index ON public.bundles (tenant_id, created_at DESC);
    CREATE INDEX bundles_keep_index ON public.bundles (keep_until) WHERE keep_until IS NOT NULL;

    -- Schools on their way back in: what a killed restore has to go on with, or to undo.
    CREATE TABLE public.bundle_restores (
      job_id uuid PRIMARY KEY,
      bundle_id uuid NOT NULL,
      tenant_id uuid NOT NULL,
      -- Name of the schema that is made aside, and of the one whose place it takes.
      schema_name text NOT NULL UNIQUE CHECK (schema_name ~ '^t_[0-9a-f]{16}$'),
      replaces text,
      swapped_at timestamptz,
      created_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX bundle_restores_tenant_index ON public.bundle_restores (tenant_id);
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE public.bundle_restores, public.bundles');
}
