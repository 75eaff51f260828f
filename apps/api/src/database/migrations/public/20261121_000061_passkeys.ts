import type { Knex } from 'knex';

/** Passkeys: each belongs to one host, since a browser offers it nowhere else. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE public.passkeys (
      id uuid PRIMARY KEY,
      user_id uuid NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
      -- Null: of the console.
      tenant_id uuid REFERENCES public.tenants (id) ON DELETE CASCADE,
      host text NOT NULL,
      credential_id text NOT NULL UNIQUE,
      public_key bytea NOT NULL,
      -- As the authenticator counted its uses; always 0 for those that are copied between devices.
      counter bigint NOT NULL,
      transports text[] NOT NULL,
      backed_up boolean NOT NULL,
      name text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      last_used_at timestamptz
    );
    CREATE INDEX passkeys_user_index ON public.passkeys (user_id);
    CREATE INDEX passkeys_tenant_index ON public.passkeys (tenant_id);

    -- What an authenticator is to sign, once.
    CREATE TABLE public.passkey_challenges (
      challenge_hash bytea PRIMARY KEY,
      host text NOT NULL,
      -- Who registers a passkey; null for a log-in.
      user_id uuid REFERENCES public.users (id) ON DELETE CASCADE,
      expires_at timestamptz NOT NULL
    );
    CREATE INDEX passkey_challenges_user_index ON public.passkey_challenges (user_id);
    CREATE INDEX passkey_challenges_expiry_index ON public.passkey_challenges (expires_at);
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE public.passkey_challenges, public.passkeys');
}
