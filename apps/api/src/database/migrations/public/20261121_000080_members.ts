import type { Knex } from 'knex';

/** What a member is at their school beyond a role, and who invited whom. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE public.memberships
      ADD COLUMN title text,
      ADD COLUMN phone text,
      ADD COLUMN version integer NOT NULL DEFAULT 1;
    ALTER TABLE public.invitations
      -- Null for the platform's own, to a school's first administrators.
      ADD COLUMN invited_by uuid REFERENCES public.users (id) ON DELETE SET NULL,
      ADD COLUMN inviter text,
      ADD COLUMN from_school boolean NOT NULL DEFAULT false,
      ADD COLUMN sent_at timestamptz NOT NULL DEFAULT now();
    CREATE INDEX invitations_inviter_index ON public.invitations (invited_by) WHERE invited_by IS NOT NULL;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE public.invitations DROP COLUMN sent_at, DROP COLUMN from_school, DROP COLUMN inviter, DROP COLUMN invited_by;
    ALTER TABLE public.memberships DROP COLUMN version, DROP COLUMN phone, DROP COLUMN title;
  `);
}
