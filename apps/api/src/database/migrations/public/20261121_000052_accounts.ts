import type { Knex } from 'knex';

/** What was asked for by mail and is still to be proved. Of every secret its hash alone. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE public.registrations (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES public.tenants (id) ON DELETE CASCADE,
      email text NOT NULL CHECK (email = lower(email)),
      full_name text NOT NULL,
      role text NOT NULL CHECK (role IN ('teacher', 'student', 'parent', 'staff')),
      token_hash bytea NOT NULL,
      -- Of six digits: worth little without the limit on wrong ones.
      code_hash bytea NOT NULL,
      wrong_codes integer NOT NULL DEFAULT 0,
      created_at timestamptz NOT NULL DEFAULT now(),
      expires_at timestamptz NOT NULL,
      used_at timestamptz
    );
    CREATE INDEX registrations_tenant_index ON public.registrations (tenant_id);
    CREATE INDEX registrations_expiry_index ON public.registrations (expires_at);

    CREATE TABLE public.password_resets (
      token_hash bytea PRIMARY KEY,
      user_id uuid NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
      -- Null: asked for on the console.
      tenant_id uuid REFERENCES public.tenants (id) ON DELETE CASCADE,
      expires_at timestamptz NOT NULL,
      used_at timestamptz
    );
    CREATE INDEX password_resets_user_index ON public.password_resets (user_id);
    CREATE INDEX password_resets_tenant_index ON public.password_resets (tenant_id);
    CREATE INDEX password_resets_expiry_index ON public.password_resets (expires_at);

    CREATE TABLE public.email_changes (
      token_hash bytea PRIMARY KEY,
      user_id uuid NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
      email text NOT NULL CHECK (email = lower(email)),
      expires_at timestamptz NOT NULL,
      used_at timestamptz
    );
    CREATE INDEX email_changes_user_index ON public.email_changes (user_id);
    CREATE INDEX email_changes_expiry_index ON public.email_changes (expires_at);
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE public.email_changes, public.password_resets, public.registrations');
}
