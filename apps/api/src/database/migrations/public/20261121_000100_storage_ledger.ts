import type { Knex } from 'knex';

/**
 * The ledger of storage: what a school's files take, and what is promised to files on their way. A promise is written down with
 * the places that it is for, so that whoever finds it abandoned can remove what is there and give the room back.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE public.tenant_usage
      ADD COLUMN storage_reserved bigint NOT NULL DEFAULT 0 CHECK (storage_reserved >= 0),
      -- Per cent that the school was last warned of: 0, 80, 95 or 100.
      ADD COLUMN storage_told smallint NOT NULL DEFAULT 0,
      ADD CONSTRAINT tenant_usage_storage_check CHECK (storage_bytes >= 0);

    CREATE TABLE public.storage_reservations (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES public.tenants (id) ON DELETE CASCADE,
      bytes bigint NOT NULL CHECK (bytes >= 0),
      storage_keys text[] NOT NULL,
      expires_at timestamptz NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX storage_reservations_tenant_index ON public.storage_reservations (tenant_id);
    CREATE INDEX storage_reservations_expiry_index ON public.storage_reservations (expires_at);

    -- A reservation becomes what is stored, in the transaction that writes down the files. The school is the transaction's.
    CREATE FUNCTION tenant_api.confirm_storage(reservation uuid, stored bigint)
    RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
      school pg_catalog.uuid;
      held pg_catalog.int8;
    BEGIN
      SELECT id INTO school FROM public.tenants WHERE schema_name = current_setting('role');
      IF school IS NULL THEN
        RAISE EXCEPTION 'confirm_storage is for tenant transactions' USING ERRCODE = 'insufficient_privilege';
      END IF;
      DELETE FROM public.storage_reservations r WHERE r.id = reservation AND r.tenant_id = school RETURNING r.bytes INTO held;
      IF held IS NULL OR stored < 0 OR stored > held THEN
        RAISE EXCEPTION 'reservation % does not hold % bytes', reservation, stored USING ERRCODE = 'no_data_found';
      END IF;
      UPDATE public.tenant_usage u
      SET storage_reserved = u.storage_reserved - held, storage_bytes = u.storage_bytes + stored
      WHERE u.tenant_id = school;
      INSERT INTO public.tenant_daily_stats (tenant_id, day, students, storage_bytes)
      SELECT u.tenant_id, current_date, u.student_count, u.storage_bytes FROM public.tenant_usage u WHERE u.tenant_id = school
      ON CONFLICT (tenant_id, day) DO UPDATE SET storage_bytes = excluded.storage_bytes;
    END $$;

    -- Files that are crossed out take room until they are gone from the store: their bytes go back to a reservation that has
    -- expired already.
    CREATE FUNCTION tenant_api.discard_storage(reservation uuid, stored bigint, keys text[])
    RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
      school pg_catalog.uuid;
    BEGIN
      SELECT id INTO school FROM public.tenants WHERE schema_name = current_setting('role');
      IF school IS NULL THEN
        RAISE EXCEPTION 'discard_storage is for tenant transactions' USING ERRCODE = 'insufficient_privilege';
      END IF;
      IF EXISTS (SELECT FROM unnest(keys) AS k WHERE NOT starts_with(k, 'mediafiles/tenant_' || school || '/')) THEN
        RAISE EXCEPTION 'a file of another school' USING ERRCODE = 'insufficient_privilege';
      END IF;
      UPDATE public.tenant_usage u
      SET storage_reserved = u.storage_reserved + stored, storage_bytes = u.storage_bytes - stored
      WHERE u.tenant_id = school;
      INSERT INTO public.storage_reservations (id, tenant_id, bytes, storage_keys, expires_at)
      VALUES (reservation, school, stored, keys, now());
      INSERT INTO public.tenant_daily_stats (tenant_id, day, students, storage_bytes)
      SELECT u.tenant_id, current_date, u.student_count, u.storage_bytes FROM public.tenant_usage u WHERE u.tenant_id = school
      ON CONFLICT (tenant_id, day) DO UPDATE SET storage_bytes = excluded.storage_bytes;
    END $$;

    UPDATE public.tenants SET modules_enabled = modules_enabled || '{"media": true}';
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    UPDATE public.tenants SET modules_enabled = modules_enabled - 'media';
    DROP FUNCTION tenant_api.discard_storage(uuid, bigint, text[]), tenant_api.confirm_storage(uuid, bigint);
    DROP TABLE public.storage_reservations;
    ALTER TABLE public.tenant_usage
      DROP CONSTRAINT tenant_usage_storage_check, DROP COLUMN storage_told, DROP COLUMN storage_reserved;
  `);
}
