import type { Knex } from 'knex';

/** The OpenID provider of a school, whom it vouches for, and log-ins that are on their way. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE public.single_sign_on (
      tenant_id uuid PRIMARY KEY REFERENCES public.tenants (id) ON DELETE CASCADE,
      enabled boolean NOT NULL,
      label text NOT NULL,
      issuer text NOT NULL,
      client_id text NOT NULL,
      -- Encrypted with a key that is not in the database.
      sealed_client_secret text NOT NULL,
      scopes text NOT NULL,
      role_claim text NOT NULL,
      role_rules jsonb NOT NULL,
      default_role text CHECK (default_role IN ('teacher', 'student', 'parent', 'staff')),
      creates_members boolean NOT NULL,
      email_domains text[] NOT NULL,
      password_log_in boolean NOT NULL,
      counts_as_second_factor boolean NOT NULL,
      version integer NOT NULL DEFAULT 1
    );

    CREATE TABLE public.external_identities (
      tenant_id uuid NOT NULL REFERENCES public.tenants (id) ON DELETE CASCADE,
      issuer text NOT NULL,
      subject text NOT NULL,
      user_id uuid NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
      created_at timestamptz NOT NULL DEFAULT now(),
      last_used_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (tenant_id, issuer, subject)
    );
    CREATE INDEX external_identities_user_index ON public.external_identities (user_id);

    CREATE TABLE public.single_sign_on_attempts (
      state_hash bytea PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES public.tenants (id) ON DELETE CASCADE,
      host text NOT NULL,
      -- Of what the browser that began carries in a cookie.
      browser_hash bytea NOT NULL,
      sealed_verifier text NOT NULL,
      nonce text NOT NULL,
      expires_at timestamptz NOT NULL
    );
    CREATE INDEX single_sign_on_attempts_tenant_index ON public.single_sign_on_attempts (tenant_id);
    CREATE INDEX single_sign_on_attempts_expiry_index ON public.single_sign_on_attempts (expires_at);
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(
    'DROP TABLE public.single_sign_on_attempts, public.external_identities, public.single_sign_on',
  );
}
