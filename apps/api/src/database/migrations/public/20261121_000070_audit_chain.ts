import type { Knex } from 'knex';

/**
 * The trail gets a schema of its own, so that its owner can be somebody else than the application, and its rows are chained:
 * `links` says in which order a school's rows were committed, each link with the hash of the one before; `heads` says where
 * each chain ends.
 *
 * Rows are linked when their transaction commits. Linked as they are written, the end of a school's chain would stay locked
 * for the rest of each transaction, and two that also lock something else could wait for each other.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE SCHEMA audit;
    ALTER TABLE public.audit_log SET SCHEMA audit;
    ALTER TABLE audit.audit_log RENAME TO log;
    ALTER TABLE audit.log
      -- Who let them in, where somebody of the platform acts in a school.
      ADD COLUMN grant_id uuid,
      ADD COLUMN grantor_id uuid,
      ADD COLUMN grantor_label text;
    DROP INDEX audit.audit_log_tenant_index;
    CREATE INDEX log_tenant_index ON audit.log (tenant_id, at, seq);
    CREATE INDEX log_time_index ON audit.log (at, seq);
    CREATE INDEX log_actor_index ON audit.log (actor_id, at, seq) WHERE actor_id IS NOT NULL;
    CREATE INDEX log_action_index ON audit.log (action text_pattern_ops, at, seq);
    CREATE INDEX log_search_index ON audit.log USING gin
      ((actor_label || ' ' || coalesce(target_id, '')) extensions.gin_trgm_ops);

    CREATE TABLE audit.links (
      -- The school; of the platform's own rows the uuid that is all zeroes.
      chain uuid NOT NULL,
      position bigint NOT NULL,
      seq bigint NOT NULL CONSTRAINT links_seq_key UNIQUE,
      previous_hash bytea NOT NULL,
      hash bytea NOT NULL,
      PRIMARY KEY (chain, position)
    );
    CREATE TABLE audit.heads (
      chain uuid PRIMARY KEY,
      position bigint NOT NULL,
      hash bytea NOT NULL
    ) WITH (fillfactor = 50);

    -- Links the rows from a number on that are in no chain yet. Its plans hold however large the tables are and whatever is
    -- known of them: they look at the last rows alone.
    CREATE FUNCTION audit.link_from(first_seq bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
    DECLARE
      entry audit.log;
      own_chain pg_catalog.uuid;
      head audit.heads;
      field pg_catalog.text;
      content pg_catalog.text;
      own_hash pg_catalog.bytea;
    BEGIN
      -- By chain, so that two transactions that write to several never wait for each other; and the end of each is written
      -- once, since a row that is changed again and again in one transaction is slower to find every time.
      FOR entry IN
        SELECT * FROM audit.log l WHERE l.seq >= first_seq AND NOT EXISTS (SELECT FROM audit.links k WHERE k.seq = l.seq)
        ORDER BY l.tenant_id, l.seq
      LOOP
        own_chain := coalesce(entry.tenant_id, '00000000-0000-0000-0000-000000000000');
        IF head.chain IS DISTINCT FROM own_chain THEN
          UPDATE audit.heads SET position = head.position, hash = head.hash WHERE chain = head.chain;
          SELECT * INTO head FROM audit.heads WHERE chain = own_chain FOR UPDATE;
          IF NOT FOUND THEN
            INSERT INTO audit.heads (chain, position, hash)
              SELECT own_chain, coalesce(last.position, 0), coalesce(last.hash, '')
              FROM (VALUES (1)) one LEFT JOIN LATERAL
                (SELECT position, hash FROM audit.links WHERE chain = own_chain ORDER BY position DESC LIMIT 1) last ON true
              ON CONFLICT DO NOTHING;
            SELECT * INTO head FROM audit.heads WHERE chain = own_chain FOR UPDATE;
          END IF;
        END IF;
        -- What is hashed of a row: every field as its length in bytes, a colon and its text, or a hyphen for none.
        content := '';
        FOREACH field IN ARRAY ARRAY[
          entry.seq::text, ((extract(epoch FROM entry.at) * 1000000)::bigint)::text, entry.tenant_id::text,
          entry.actor_type, entry.actor_id::text, entry.actor_label, entry.action, entry.target_type, entry.target_id,
          entry.before::text, entry.after::text, entry.ip, entry.request_id,
          entry.grant_id::text, entry.grantor_id::text, entry.grantor_label
        ] LOOP
          content := content || ',' || coalesce(octet_length(field) || ':' || field, '-');
        END LOOP;
        own_hash := sha256(convert_to(
          own_chain || '|' || (head.position + 1) || '|' || encode(head.hash, 'hex') || '|' || substr(content, 2), 'UTF8'));
        INSERT INTO audit.links (chain, position, seq, previous_hash, hash)
          VALUES (own_chain, head.position + 1, entry.seq, head.hash, own_hash);
        head.position := head.position + 1;
        head.hash := own_hash;
      END LOOP;
      UPDATE audit.heads SET position = head.position, hash = head.hash WHERE chain = head.chain;
    END $$;

    CREATE FUNCTION audit.seal() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
      -- All rows of this transaction at its first: those of others are not to be seen before they are linked.
      IF NOT EXISTS (SELECT FROM audit.links WHERE seq = NEW.seq) THEN
        PERFORM audit.link_from(NEW.seq);
      END IF;
      RETURN NULL;
    END $$;
    REVOKE ALL ON FUNCTION audit.link_from(bigint), audit.seal() FROM PUBLIC;
    SELECT audit.link_from(0);
    CREATE CONSTRAINT TRIGGER seal AFTER INSERT ON audit.log DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION audit.seal();
    DO $$ BEGIN
      EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON audit.log, audit.links FROM %I', current_user);
    END $$;

    -- For processes of the release before, which know no other name.
    CREATE VIEW public.audit_log AS SELECT * FROM audit.log;

    DROP FUNCTION tenant_api.write_audit(text, uuid, text, text, text, text, jsonb, jsonb, text, text);
    CREATE FUNCTION tenant_api.write_audit(
      actor_type text, actor_id uuid, actor_label text, action text, target_type text, target_id text,
      before jsonb, after jsonb, ip text, request_id text,
      grant_id uuid DEFAULT NULL, grantor_id uuid DEFAULT NULL, grantor_label text DEFAULT NULL
    ) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
      tenant pg_catalog.uuid;
    BEGIN
      SELECT id INTO tenant FROM public.tenants WHERE schema_name = current_setting('role');
      IF tenant IS NULL THEN
        RAISE EXCEPTION 'write_audit is for tenant transactions' USING ERRCODE = 'insufficient_privilege';
      END IF;
      INSERT INTO audit.log
        (tenant_id, actor_type, actor_id, actor_label, action, target_type, target_id, before, after, ip, request_id,
         grant_id, grantor_id, grantor_label)
      VALUES (tenant, actor_type, actor_id, actor_label, action, target_type, target_id, before, after, ip, request_id,
         grant_id, grantor_id, grantor_label);
    END $$;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP FUNCTION tenant_api.write_audit(text, uuid, text, text, text, text, jsonb, jsonb, text, text, uuid, uuid, text);
    DROP VIEW public.audit_log;
    DROP TRIGGER seal ON audit.log;
    DROP FUNCTION audit.seal(), audit.link_from(bigint);
    DROP TABLE audit.heads, audit.links;
    DROP INDEX audit.log_tenant_index, audit.log_time_index, audit.log_actor_index, audit.log_action_index,
      audit.log_search_index;
    ALTER TABLE audit.log DROP COLUMN grant_id, DROP COLUMN grantor_id, DROP COLUMN grantor_label;
    ALTER TABLE audit.log RENAME TO audit_log;
    ALTER TABLE audit.audit_log SET SCHEMA public;
    DROP SCHEMA audit;
    CREATE INDEX audit_log_tenant_index ON public.audit_log (tenant_id, seq);
    DO $$ BEGIN
      EXECUTE format('GRANT UPDATE, DELETE, TRUNCATE ON public.audit_log TO %I', current_user);
    END $$;

    CREATE FUNCTION tenant_api.write_audit(
      actor_type text, actor_id uuid, actor_label text, action text, target_type text, target_id text,
      before jsonb, after jsonb, ip text, request_id text
    ) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
      tenant pg_catalog.uuid;
    BEGIN
      SELECT id INTO tenant FROM public.tenants WHERE schema_name = current_setting('role');
      IF tenant IS NULL THEN
        RAISE EXCEPTION 'write_audit is for tenant transactions' USING ERRCODE = 'insufficient_privilege';
      END IF;
      INSERT INTO public.audit_log
        (tenant_id, actor_type, actor_id, actor_label, action, target_type, target_id, before, after, ip, request_id)
      VALUES (tenant, actor_type, actor_id, actor_label, action, target_type, target_id, before, after, ip, request_id);
    END $$;
  `);
}
