import type { Knex } from 'knex';

/** What announcements need beyond their school: words without accents, and when something is to be published. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA extensions;
    -- Accents go before the stem is taken, of the text and of what is searched for alike.
    CREATE TEXT SEARCH CONFIGURATION tenant_api.preau_french (COPY = pg_catalog.french);
    ALTER TEXT SEARCH CONFIGURATION tenant_api.preau_french
      ALTER MAPPING FOR hword, hword_part, word WITH extensions.unaccent, pg_catalog.french_stem;

    UPDATE public.tenants SET settings = settings || '{"announcement_approval": false}';

    -- So that no school has to be visited to learn whether the time of one of its announcements has come.
    CREATE TABLE public.announcements_due (
      tenant_id uuid NOT NULL REFERENCES public.tenants (id) ON DELETE CASCADE,
      -- A clone has the same ones as its original.
      announcement_id uuid NOT NULL,
      due_at timestamptz NOT NULL,
      PRIMARY KEY (tenant_id, announcement_id)
    );
    CREATE INDEX announcements_due_index ON public.announcements_due (due_at);

    -- Null: no more. The school is the transaction's.
    CREATE FUNCTION tenant_api.plan_announcement(announcement uuid, due timestamptz)
    RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
      school pg_catalog.uuid;
    BEGIN
      SELECT id INTO school FROM public.tenants WHERE schema_name = current_setting('role');
      IF school IS NULL THEN
        RAISE EXCEPTION 'plan_announcement is for tenant transactions' USING ERRCODE = 'insufficient_privilege';
      END IF;
      DELETE FROM public.announcements_due d WHERE d.announcement_id = announcement AND d.tenant_id = school;
      IF due IS NOT NULL THEN
        INSERT INTO public.announcements_due (announcement_id, tenant_id, due_at) VALUES (announcement, school, due);
      END IF;
    END $$;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP FUNCTION tenant_api.plan_announcement(uuid, timestamptz);
    DROP TABLE public.announcements_due;
    UPDATE public.tenants SET settings = settings - 'announcement_approval';
    DROP TEXT SEARCH CONFIGURATION tenant_api.preau_french;
  `);
}
