import type { Knex } from 'knex';

/**
 * Seats of students, held by the roster and by accounts alike: a student with a record and an account holds one. Which account is
 * whose record is written down with the membership, so that it ends with it; an invitation carries it there.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE public.tenant_usage
      -- Per cent that the school was last warned of: 0, 80, 95 or 100.
      ADD COLUMN seats_told smallint NOT NULL DEFAULT 0;

    ALTER TABLE public.memberships
      -- 'student', 'guardian' or 'staff', and the id of the record in the school's own tables.
      ADD COLUMN record_kind text,
      ADD COLUMN record_id uuid,
      -- The seat of this student is counted by the record, not by the account.
      ADD COLUMN seat_by_record boolean NOT NULL DEFAULT false;
    CREATE UNIQUE INDEX memberships_record_index ON public.memberships (tenant_id, record_id) WHERE record_id IS NOT NULL;

    ALTER TABLE public.invitations
      ADD COLUMN record_kind text,
      ADD COLUMN record_id uuid;

    CREATE FUNCTION tenant_api.school_of_transaction()
    RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
      school pg_catalog.uuid;
    BEGIN
      SELECT id INTO school FROM public.tenants WHERE schema_name = current_setting('role');
      IF school IS NULL THEN
        RAISE EXCEPTION 'this is for tenant transactions' USING ERRCODE = 'insufficient_privilege';
      END IF;
      RETURN school;
    END $$;

    -- What is taken and what there is. With a hold, nobody else takes or gives a seat until the transaction ends.
    CREATE FUNCTION tenant_api.seats(hold boolean)
    RETURNS TABLE (used integer, room integer) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
      school pg_catalog.uuid := tenant_api.school_of_transaction();
    BEGIN
      IF hold THEN
        PERFORM FROM public.tenant_usage u WHERE u.tenant_id = school FOR UPDATE;
      END IF;
      RETURN QUERY SELECT u.student_count, t.max_students
        FROM public.tenant_usage u JOIN public.tenants t ON t.id = u.tenant_id WHERE u.tenant_id = school;
    END $$;

    -- Takes or gives seats; the limit is read in the statement that takes them. Says whether there were enough.
    CREATE FUNCTION tenant_api.move_seats(delta integer)
    RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
      school pg_catalog.uuid := tenant_api.school_of_transaction();
    BEGIN
      UPDATE public.tenant_usage u SET student_count = u.student_count + delta FROM public.tenants t
      WHERE u.tenant_id = school AND t.id = school AND (delta <= 0 OR u.student_count + delta <= t.max_students);
      IF NOT FOUND THEN
        RETURN false;
      END IF;
      INSERT INTO public.tenant_daily_stats (tenant_id, day, students, storage_bytes)
      SELECT u.tenant_id, current_date, u.student_count, u.storage_bytes FROM public.tenant_usage u WHERE u.tenant_id = school
      ON CONFLICT (tenant_id, day) DO UPDATE SET students = excluded.students;
      RETURN true;
    END $$;

    -- A student's record begins or ends to hold a seat. That of a student with an account goes over to the account, and back.
    CREATE FUNCTION tenant_api.seat_record(record uuid, enrolled boolean)
    RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
      school pg_catalog.uuid := tenant_api.school_of_transaction();
    BEGIN
      UPDATE public.memberships m SET seat_by_record = enrolled
      WHERE m.tenant_id = school AND m.record_id = record AND m.role = 'student' AND m.status = 'active'
        AND m.seat_by_record <> enrolled;
      IF FOUND THEN
        RETURN true;
      END IF;
      RETURN tenant_api.move_seats(CASE WHEN enrolled THEN 1 ELSE -1 END);
    END $$;

    -- Ties the account of a member to a record, or unties it (no record): 'tied', 'no_member', 'taken' or 'no_seat'.
    CREATE FUNCTION tenant_api.tie_person(person uuid, kind text, record uuid, enrolled boolean)
    RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
      school pg_catalog.uuid := tenant_api.school_of_transaction();
      member public.memberships%ROWTYPE;
      held boolean;
    BEGIN
      SELECT * INTO member FROM public.memberships m
      WHERE m.tenant_id = school AND m.user_id = person AND m.status = 'active' FOR UPDATE;
      IF NOT FOUND THEN
        RETURN 'no_member';
      END IF;
      IF record IS NOT NULL AND ((member.record_id IS NOT NULL AND member.record_id <> record) OR EXISTS (
        SELECT FROM public.memberships m WHERE m.tenant_id = school AND m.record_id = record AND m.user_id <> person)) THEN
        RETURN 'taken';
      END IF;
      held := record IS NOT NULL AND kind = 'student' AND enrolled AND member.role = 'student';
      IF member.role = 'student' AND member.seat_by_record <> held THEN
        IF NOT tenant_api.move_seats(CASE WHEN held THEN -1 ELSE 1 END) THEN
          RETURN 'no_seat';
        END IF;
      END IF;
      UPDATE public.memberships m SET record_kind = CASE WHEN record IS NULL THEN NULL ELSE kind END, record_id = record,
        seat_by_record = held
      WHERE m.tenant_id = school AND m.user_id = person;
      RETURN 'tied';
    END $$;

    -- The record of one of the school's members.
    CREATE FUNCTION tenant_api.record_of(person uuid)
    RETURNS TABLE (role text, record_kind text, record_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      SELECT m.role, m.record_kind, m.record_id FROM public.memberships m
      WHERE m.tenant_id = tenant_api.school_of_transaction() AND m.user_id = person AND m.status = 'active'
        AND m.record_id IS NOT NULL
    $$;

    -- The members that records of the school are tied to.
    CREATE FUNCTION tenant_api.people_of(records uuid[])
    RETURNS TABLE (record_id uuid, user_id uuid, role text, email text, full_name text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      SELECT m.record_id, u.id, m.role, u.email, u.full_name
      FROM public.memberships m JOIN public.users u ON u.id = m.user_id
      WHERE m.tenant_id = tenant_api.school_of_transaction() AND m.record_id = ANY (records) AND m.status = 'active'
    $$;

    -- One of the school's own members by address.
    CREATE FUNCTION tenant_api.member_by_email(address text)
    RETURNS TABLE (user_id uuid, role text, full_name text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      SELECT u.id, m.role, u.full_name
      FROM public.memberships m JOIN public.users u ON u.id = m.user_id
      WHERE m.tenant_id = tenant_api.school_of_transaction() AND u.email = lower(address) AND m.status = 'active'
    $$;

    -- Links that were sent for a record lead nowhere once there is no place for it.
    CREATE FUNCTION tenant_api.end_record_invitations(record uuid)
    RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
      school pg_catalog.uuid := tenant_api.school_of_transaction();
    BEGIN
      UPDATE public.invitations i SET revoked_at = now()
      WHERE i.tenant_id = school AND i.record_id = record AND i.accepted_at IS NULL AND i.revoked_at IS NULL;
    END $$;

    UPDATE public.tenants SET modules_enabled = modules_enabled || '{"student_records": true}' WHERE school_type <> 'network';
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    UPDATE public.tenants SET modules_enabled = modules_enabled - 'student_records';
    DROP FUNCTION tenant_api.end_record_invitations(uuid), tenant_api.member_by_email(text), tenant_api.people_of(uuid[]),
      tenant_api.record_of(uuid), tenant_api.tie_person(uuid, text, uuid, boolean), tenant_api.seat_record(uuid, boolean),
      tenant_api.move_seats(integer), tenant_api.seats(boolean), tenant_api.school_of_transaction();
    ALTER TABLE public.invitations DROP COLUMN record_kind, DROP COLUMN record_id;
    ALTER TABLE public.memberships DROP COLUMN record_kind, DROP COLUMN record_id, DROP COLUMN seat_by_record;
    ALTER TABLE public.tenant_usage DROP COLUMN seats_told;
  `);
}
