import type { Knex } from 'knex';

/** The audit trail, the way a tenant's transaction writes to it, and remembered requests. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE public.audit_log (
      seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      at timestamptz NOT NULL DEFAULT now(),
      tenant_id uuid,
      actor_type text NOT NULL CHECK (actor_type IN ('user', 'key', 'operator', 'system', 'visitor')),
      actor_id uuid,
      actor_label text NOT NULL,
      action text NOT NULL,
      target_type text NOT NULL,
      target_id text,
      before jsonb,
      after jsonb,
      ip text,
      request_id text
    );
    CREATE INDEX audit_log_tenant_index ON public.audit_log (tenant_id, seq);

    -- The tenant is the role the transaction runs under: no argument can name another one.
    CREATE SCHEMA tenant_api;
    GRANT USAGE ON SCHEMA tenant_api TO PUBLIC;
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

    CREATE TABLE public.idempotency_keys (
      actor text NOT NULL,
      key text NOT NULL,
      fingerprint bytea NOT NULL,
      status integer,
      body text,
      created_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (actor, key)
    );
    CREATE INDEX idempotency_keys_age_index ON public.idempotency_keys (created_at);
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP SCHEMA tenant_api CASCADE; DROP TABLE public.idempotency_keys, public.audit_log');
}
