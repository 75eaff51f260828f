import type { Knex } from 'knex';

/** Members who wait for a school's yes, addresses that were proved, and accounts without a password. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE public.memberships
      -- A pending member has no role yet: nothing that asks for one may find it.
      ADD COLUMN status text NOT NULL DEFAULT 'active' CHECK (status IN ('pending', 'active'));
    CREATE INDEX memberships_pending_index ON public.memberships (tenant_id, created_at) WHERE status = 'pending';

    ALTER TABLE public.users
      ADD COLUMN email_verified_at timestamptz,
      -- Whoever only ever comes through their school's own log-in has none.
      ALTER COLUMN password_hash DROP NOT NULL;
    -- Until now an account came of an invitation that its address received, or of an operator.
    UPDATE public.users SET email_verified_at = created_at;

    ALTER TABLE public.sessions ADD COLUMN last_seen_at timestamptz NOT NULL DEFAULT now();

    UPDATE public.tenants SET settings = '{"registration":"invitation"}'::jsonb || settings;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DELETE FROM public.memberships WHERE status = 'pending';
    DELETE FROM public.users WHERE password_hash IS NULL;
    UPDATE public.tenants SET settings = settings - 'registration';
    ALTER TABLE public.sessions DROP COLUMN last_seen_at;
    ALTER TABLE public.users ALTER COLUMN password_hash SET NOT NULL, DROP COLUMN email_verified_at;
    ALTER TABLE public.memberships DROP COLUMN status;
  `);
}
