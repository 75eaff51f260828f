import type { Knex } from 'knex';

/** A school's leave for somebody of the platform to come in, and the sessions that live by it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE public.support_grants (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES public.tenants (id) ON DELETE CASCADE,
      status text NOT NULL DEFAULT 'asked' CHECK (status IN ('asked', 'granted', 'refused', 'ended')),
      reason text NOT NULL,
      asked_by uuid NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
      asked_by_label text NOT NULL,
      asked_at timestamptz NOT NULL DEFAULT now(),
      decided_by uuid,
      decided_by_label text,
      decided_at timestamptz,
      expires_at timestamptz,
      ended_at timestamptz,
      ended_by_label text,
      -- Of the way in, which works once and for a minute.
      entry_hash bytea UNIQUE,
      entry_expires_at timestamptz,
      CHECK (status <> 'granted' OR (decided_by IS NOT NULL AND expires_at IS NOT NULL))
    );
    CREATE INDEX support_grants_tenant_index ON public.support_grants (tenant_id, asked_at);
    CREATE INDEX support_grants_asker_index ON public.support_grants (asked_by);
    CREATE UNIQUE INDEX support_grants_open_key ON public.support_grants (tenant_id, asked_by)
      WHERE status IN ('asked', 'granted');

    ALTER TABLE public.sessions ADD COLUMN grant_id uuid REFERENCES public.support_grants (id) ON DELETE CASCADE;
    CREATE INDEX sessions_grant_index ON public.sessions (grant_id) WHERE grant_id IS NOT NULL;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DELETE FROM public.sessions WHERE grant_id IS NOT NULL;
    ALTER TABLE public.sessions DROP COLUMN grant_id;
    DROP TABLE public.support_grants;
  `);
}
