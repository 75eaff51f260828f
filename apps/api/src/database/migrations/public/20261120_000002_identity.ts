import type { Knex } from 'knex';

/** People, their schools, and their ways in. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE public.users (
      id uuid PRIMARY KEY,
      email text NOT NULL CONSTRAINT users_email_key UNIQUE CHECK (email = lower(email)),
      full_name text NOT NULL,
      password_hash text NOT NULL,
      is_superadmin boolean NOT NULL DEFAULT false,
      created_at timestamptz NOT NULL DEFAULT now()
    );

    CREATE TABLE public.memberships (
      user_id uuid NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
      tenant_id uuid NOT NULL REFERENCES public.tenants (id) ON DELETE CASCADE,
      role text NOT NULL CHECK (role IN ('admin', 'teacher', 'student', 'parent', 'staff')),
      created_at timestamptz NOT NULL DEFAULT now(),
      last_active_on date,
      PRIMARY KEY (user_id, tenant_id)
    );
    CREATE INDEX memberships_tenant_index ON public.memberships (tenant_id);

    CREATE TABLE public.sessions (
      id uuid PRIMARY KEY,
      token_hash bytea NOT NULL UNIQUE,
      user_id uuid NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
      tenant_id uuid REFERENCES public.tenants (id) ON DELETE CASCADE,
      ip text,
      user_agent text,
      created_at timestamptz NOT NULL DEFAULT now(),
      expires_at timestamptz NOT NULL
    );
    CREATE INDEX sessions_user_index ON public.sessions (user_id);
    CREATE INDEX sessions_tenant_index ON public.sessions (tenant_id);
    CREATE INDEX sessions_expiry_index ON public.sessions (expires_at);

    CREATE TABLE public.invitations (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES public.tenants (id) ON DELETE CASCADE,
      email text NOT NULL CHECK (email = lower(email)),
      role text NOT NULL CHECK (role IN ('admin', 'teacher', 'student', 'parent', 'staff')),
      token_hash bytea NOT NULL UNIQUE,
      created_at timestamptz NOT NULL DEFAULT now(),
      expires_at timestamptz NOT NULL,
      accepted_at timestamptz,
      revoked_at timestamptz
    );
    CREATE INDEX invitations_tenant_index ON public.invitations (tenant_id);

    CREATE TABLE public.api_keys (
      id uuid PRIMARY KEY,
      name text NOT NULL,
      prefix text NOT NULL UNIQUE,
      secret_hash bytea NOT NULL,
      scopes text[] NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      expires_at timestamptz,
      revoked_at timestamptz,
      last_used_at timestamptz
    );
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(
    'DROP TABLE public.api_keys, public.invitations, public.sessions, public.memberships, public.users',
  );
}
