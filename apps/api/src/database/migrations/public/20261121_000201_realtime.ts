import type { Knex } from 'knex';

/**
 * Messages to open sockets, kept for some minutes: for processes that hear of them by their notice, and for clients that come back
 * after a cut. They say what changed and hold nothing that a school would want to keep; a crash of the database empties them, which
 * clients are told.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE UNLOGGED TABLE public.realtime_messages (
      id uuid PRIMARY KEY,
      -- Null for a group across schools.
      tenant_id uuid REFERENCES public.tenants (id) ON DELETE CASCADE,
      room text NOT NULL,
      op text NOT NULL,
      data jsonb NOT NULL CHECK (octet_length(data::text) <= 5000),
      at timestamptz NOT NULL DEFAULT clock_timestamp()
    );
    CREATE INDEX realtime_messages_room_index ON public.realtime_messages (room, at);
    CREATE INDEX realtime_messages_time_index ON public.realtime_messages (at);

    -- Who is connected to which process. One that says nothing for a minute is dead, and its people are not there.
    CREATE UNLOGGED TABLE public.realtime_presence (
      tenant_id uuid NOT NULL REFERENCES public.tenants (id) ON DELETE CASCADE,
      user_id uuid NOT NULL,
      process_id uuid NOT NULL,
      PRIMARY KEY (tenant_id, user_id, process_id)
    );
    CREATE INDEX realtime_presence_process_index ON public.realtime_presence (process_id);
    CREATE UNLOGGED TABLE public.realtime_processes (
      id uuid PRIMARY KEY,
      seen_at timestamptz NOT NULL DEFAULT now()
    );

    -- Puts a message down in the transaction of what it tells of: delivered at the commit, and kept for whoever is away.
    CREATE FUNCTION tenant_api.tell(message_id uuid, audience text, target uuid, op text, data jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
      tenant pg_catalog.uuid;
      room pg_catalog.text;
      moment pg_catalog.timestamptz := clock_timestamp();
    BEGIN
      SELECT id INTO tenant FROM public.tenants WHERE schema_name = current_setting('role');
      IF tenant IS NULL THEN
        RAISE EXCEPTION 'tell is for tenant transactions' USING ERRCODE = 'insufficient_privilege';
      END IF;
      room := 'tenant:' || tenant || CASE audience WHEN 'organisation' THEN ''
        WHEN 'user' THEN ':user:' || target WHEN 'group' THEN ':group:' || target END;
      INSERT INTO public.realtime_messages (id, tenant_id, room, op, data, at)
        VALUES (message_id, tenant, room, op, data, moment);
      PERFORM pg_notify('preau_changes', 'message:' || (jsonb_build_object('room', room, 'id', message_id, 'op', op, 'data', data,
        'for_org', tenant, 'at', to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))::text)
        || '@' || (extract(epoch FROM moment) * 1000)::bigint);
    END $$;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP FUNCTION tenant_api.tell(uuid, text, uuid, text, jsonb);
    DROP TABLE public.realtime_processes, public.realtime_presence, public.realtime_messages;
  `);
}
