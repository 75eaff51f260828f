import type { Knex } from 'knex';

/** Second factors of people, and what their sessions were opened with. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE public.second_factors (
      user_id uuid PRIMARY KEY REFERENCES public.users (id) ON DELETE CASCADE,
      -- Encrypted with a key that is not in the database.
      sealed_secret text NOT NULL,
      -- Null: its first code is still to be shown.
      confirmed_at timestamptz,
      -- Number of the last thirty seconds whose code was taken: none is taken twice.
      last_step bigint,
      wrong_codes integer NOT NULL DEFAULT 0,
      wrong_since timestamptz,
      created_at timestamptz NOT NULL DEFAULT now()
    );

    CREATE TABLE public.recovery_codes (
      user_id uuid NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
      code_mark bytea NOT NULL,
      used_at timestamptz,
      PRIMARY KEY (user_id, code_mark)
    );

    -- Whether more than a password opened it.
    ALTER TABLE public.sessions ADD COLUMN strong boolean NOT NULL DEFAULT false;

    UPDATE public.tenants SET settings = '{"require_second_factor":false}'::jsonb || settings;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    UPDATE public.tenants SET settings = settings - 'require_second_factor';
    ALTER TABLE public.sessions DROP COLUMN strong;
    DROP TABLE public.recovery_codes, public.second_factors;
  `);
}
