import type { Knex } from 'knex';

/** Schools and their addresses. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE SCHEMA IF NOT EXISTS extensions;
    GRANT USAGE ON SCHEMA extensions TO PUBLIC;
    CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA extensions;
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
    -- A temporary object can stand in for a name that a shared function uses.
    DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$;

    CREATE TABLE public.platform_settings (
      key text PRIMARY KEY,
      value jsonb NOT NULL
    );

    CREATE TABLE public.tenants (
      id uuid PRIMARY KEY,
      schema_name text NOT NULL UNIQUE CHECK (schema_name ~ '^t_[0-9a-f]{16}$'),
      subdomain text NOT NULL CONSTRAINT tenants_subdomain_key UNIQUE CHECK (subdomain ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9]){0,1}$'),
      status text NOT NULL DEFAULT 'pending'
        CHECK (status IN ('pending', 'provisioning', 'active', 'inactive', 'failed', 'archived')),
      name text COLLATE "fr-x-icu" NOT NULL,
      school_type text NOT NULL CHECK (school_type IN ('ecole', 'college', 'lycee', 'lycee_pro', 'network')),
      email text NOT NULL,
      phone text NOT NULL,
      address text NOT NULL,
      postal_code text NOT NULL,
      city text COLLATE "fr-x-icu" NOT NULL,
      website text,
      uai text CONSTRAINT tenants_uai_key UNIQUE,
      primary_color text NOT NULL CHECK (primary_color ~ '^#[0-9A-F]{6}$'),
      secondary_color text NOT NULL CHECK (secondary_color ~ '^#[0-9A-F]{6}$'),
      logo_url text,
      favicon_url text,
      max_students integer NOT NULL CHECK (max_students > 0),
      max_storage_gb integer NOT NULL CHECK (max_storage_gb > 0),
      modules_enabled jsonb NOT NULL,
      settings jsonb NOT NULL,
      network_id uuid CONSTRAINT tenants_network_fkey REFERENCES public.tenants (id),
      paid_until date,
      inactive_since timestamptz,
      inactive_reason text,
      status_before_archive text,
      failure jsonb,
      created_on timestamptz NOT NULL DEFAULT now(),
      provisioned_at timestamptz,
      last_accessed_at timestamptz,
      purge_at timestamptz,
      search_text text NOT NULL,
      version integer NOT NULL DEFAULT 1
    );
    CREATE INDEX tenants_status_index ON public.tenants (status);
    CREATE INDEX tenants_network_index ON public.tenants (network_id);
    CREATE INDEX tenants_name_index ON public.tenants (name, id);
    CREATE INDEX tenants_search_index ON public.tenants USING gin (search_text extensions.gin_trgm_ops);

    CREATE TABLE public.domains (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES public.tenants (id) ON DELETE CASCADE,
      domain text NOT NULL CONSTRAINT domains_domain_key UNIQUE,
      kind text NOT NULL CHECK (kind IN ('subdomain', 'alias', 'custom')),
      is_primary boolean NOT NULL DEFAULT false,
      status text NOT NULL CHECK (status IN ('pending', 'active')),
      challenge_token text,
      created_at timestamptz NOT NULL DEFAULT now(),
      CHECK (NOT is_primary OR status = 'active')
    );
    CREATE UNIQUE INDEX domains_primary_key ON public.domains (tenant_id) WHERE is_primary;
    CREATE INDEX domains_tenant_index ON public.domains (tenant_id);
    CREATE INDEX domains_search_index ON public.domains USING gin (domain extensions.gin_trgm_ops);

    CREATE TABLE public.tenant_usage (
      tenant_id uuid PRIMARY KEY REFERENCES public.tenants (id) ON DELETE CASCADE,
      total_users integer NOT NULL DEFAULT 0,
      student_count integer NOT NULL DEFAULT 0,
      teacher_count integer NOT NULL DEFAULT 0,
      parent_count integer NOT NULL DEFAULT 0,
      admin_count integer NOT NULL DEFAULT 0,
      staff_count integer NOT NULL DEFAULT 0,
      storage_bytes bigint NOT NULL DEFAULT 0
    );

    CREATE TABLE public.tenant_daily_stats (
      tenant_id uuid NOT NULL REFERENCES public.tenants (id) ON DELETE CASCADE,
      day date NOT NULL,
      students integer NOT NULL,
      storage_bytes bigint NOT NULL,
      active_users integer NOT NULL DEFAULT 0,
      PRIMARY KEY (tenant_id, day)
    );
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP TABLE public.tenant_daily_stats, public.tenant_usage, public.domains, public.tenants, public.platform_settings;
  `);
}
