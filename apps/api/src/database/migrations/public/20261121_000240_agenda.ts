import type { Knex } from 'knex';

/**
 * Networks of schools, what schools show of themselves, and what they share of their agendas: written by each school in the
 * transaction of its own change, read without visiting any.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE public.calendar_feeds (
      tenant_id uuid NOT NULL REFERENCES public.tenants (id) ON DELETE CASCADE,
      user_id uuid NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
      token_hash bytea NOT NULL UNIQUE,
      created_at timestamptz NOT NULL DEFAULT now(),
      last_used_at timestamptz,
      PRIMARY KEY (tenant_id, user_id)
    );
    CREATE INDEX calendar_feeds_user_index ON public.calendar_feeds (user_id);

    -- 'asked' by the school, 'invited' by the network: the other side has yet to agree.
    CREATE TABLE public.network_members (
      network_id uuid NOT NULL REFERENCES public.tenants (id) ON DELETE CASCADE,
      tenant_id uuid NOT NULL REFERENCES public.tenants (id) ON DELETE CASCADE,
      status text NOT NULL CHECK (status IN ('asked', 'invited', 'accepted')),
      message text NOT NULL DEFAULT '',
      created_at timestamptz NOT NULL DEFAULT now(),
      accepted_at timestamptz,
      PRIMARY KEY (network_id, tenant_id),
      CHECK (network_id <> tenant_id)
    );
    CREATE INDEX network_members_tenant_index ON public.network_members (tenant_id);
    INSERT INTO public.network_members (network_id, tenant_id, status, accepted_at)
    SELECT network_id, id, 'accepted', now() FROM public.tenants WHERE network_id IS NOT NULL;

    CREATE TABLE public.directory_profiles (
      tenant_id uuid PRIMARY KEY REFERENCES public.tenants (id) ON DELETE CASCADE,
      listed boolean NOT NULL DEFAULT false,
      short_description text NOT NULL DEFAULT '',
      long_description text NOT NULL DEFAULT '',
      tags text[] NOT NULL DEFAULT '{}',
      social jsonb NOT NULL DEFAULT '{}',
      legal_documents text,
      map_img text,
      -- Pictures that are yet to be fetched.
      img_source text,
      logo_source text,
      version integer NOT NULL DEFAULT 1
    );
    CREATE INDEX directory_profiles_listed_index ON public.directory_profiles (tenant_id) WHERE listed;
    CREATE INDEX directory_profiles_tags_index ON public.directory_profiles USING gin (tags) WHERE listed;

    CREATE TABLE public.agenda_events (
      tenant_id uuid NOT NULL REFERENCES public.tenants (id) ON DELETE CASCADE,
      event_id uuid NOT NULL,
      title text NOT NULL,
      description text NOT NULL,
      place text NOT NULL,
      tags text[] NOT NULL,
      time_zone text NOT NULL,
      is_public boolean NOT NULL,
      updated_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (tenant_id, event_id)
    );

    -- One row for each occurrence in each agenda that shows it, and one more for each of its tags: any page of any agenda, of all or
    -- of one tag, is a range of one index. Scopes are the school itself and the networks it is in.
    CREATE TABLE public.agenda_entries (
      scope_id uuid NOT NULL REFERENCES public.tenants (id) ON DELETE CASCADE,
      tag text NOT NULL,
      starts_at timestamptz NOT NULL,
      tenant_id uuid NOT NULL,
      event_id uuid NOT NULL,
      day date NOT NULL,
      ends_at timestamptz NOT NULL,
      starts_on date NOT NULL,
      ends_on date NOT NULL,
      all_day boolean NOT NULL,
      is_public boolean NOT NULL,
      title text,
      place text,
      PRIMARY KEY (scope_id, tag, starts_at, tenant_id, event_id, day),
      FOREIGN KEY (tenant_id, event_id) REFERENCES public.agenda_events ON DELETE CASCADE
    );
    CREATE INDEX agenda_entries_public_index ON public.agenda_entries (scope_id, tag, starts_at, tenant_id, event_id, day)
      WHERE is_public;
    CREATE INDEX agenda_entries_long_index ON public.agenda_entries (scope_id, tag, starts_at) WHERE ends_on > starts_on;
    CREATE INDEX agenda_entries_event_index ON public.agenda_entries (tenant_id, event_id);

    -- Makes what a school shares of one event what it is now. The school is the transaction's.
    CREATE FUNCTION tenant_api.share_event(
      shared uuid, event_title text, event_description text, event_place text, event_tags text[], zone text,
      for_all boolean, occurrences jsonb
    ) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
      school pg_catalog.uuid;
    BEGIN
      -- Waits for whoever lets the school into a network meanwhile, and they for us: no event is left out between the two.
      SELECT id INTO school FROM public.tenants WHERE schema_name = current_setting('role') FOR KEY SHARE;
      IF school IS NULL THEN
        RAISE EXCEPTION 'share_event is for tenant transactions' USING ERRCODE = 'insufficient_privilege';
      END IF;
      DELETE FROM public.agenda_events e WHERE e.tenant_id = school AND e.event_id = shared;
      INSERT INTO public.agenda_events (tenant_id, event_id, title, description, place, tags, time_zone, is_public)
      VALUES (school, shared, event_title, event_description, event_place, event_tags, zone, for_all);
      INSERT INTO public.agenda_entries
        (scope_id, tag, starts_at, tenant_id, event_id, day, ends_at, starts_on, ends_on, all_day, is_public, title, place)
      SELECT s.id, t.tag, o.starts_at, school, shared, o.day, o.ends_at, o.starts_on, o.ends_on, o.all_day, for_all, o.title, o.place
      FROM jsonb_to_recordset(occurrences) AS o (
          day date, starts_at timestamptz, ends_at timestamptz, starts_on date, ends_on date, all_day boolean, title text, place text),
        (SELECT school AS id UNION ALL
         SELECT m.network_id FROM public.network_members m WHERE m.tenant_id = school AND m.status = 'accepted') AS s,
        (SELECT '' AS tag UNION ALL SELECT unnest(event_tags)) AS t;
    END $$;

    -- Takes back one event, or with null all that the school shares.
    CREATE FUNCTION tenant_api.withdraw_event(shared uuid)
    RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
      school pg_catalog.uuid;
    BEGIN
      SELECT id INTO school FROM public.tenants WHERE schema_name = current_setting('role');
      IF school IS NULL THEN
        RAISE EXCEPTION 'withdraw_event is for tenant transactions' USING ERRCODE = 'insufficient_privilege';
      END IF;
      DELETE FROM public.agenda_events e WHERE e.tenant_id = school AND (shared IS NULL OR e.event_id = shared);
    END $$;

    UPDATE public.tenants SET modules_enabled = modules_enabled || '{"agenda": true}';
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    UPDATE public.tenants SET modules_enabled = modules_enabled - 'agenda';
    DROP FUNCTION tenant_api.withdraw_event(uuid),
      tenant_api.share_event(uuid, text, text, text, text[], text, boolean, jsonb);
    DROP TABLE public.agenda_entries, public.agenda_events, public.directory_profiles, public.network_members,
      public.calendar_feeds;
  `);
}
