import type { Knex } from 'knex';

/**
 * Which schools have notifications to send by mail: a line for each transaction that left some, so that nobody looks into
 * every schema, and no two transactions of a school wait for one another.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE public.notification_mails_due (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES public.tenants (id) ON DELETE CASCADE,
      created_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX notification_mails_due_tenant_index ON public.notification_mails_due (tenant_id);

    CREATE FUNCTION tenant_api.note_notification_mail() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
      tenant pg_catalog.uuid;
    BEGIN
      SELECT id INTO tenant FROM public.tenants WHERE schema_name = current_setting('role');
      IF tenant IS NULL THEN
        RAISE EXCEPTION 'note_notification_mail is for tenant transactions' USING ERRCODE = 'insufficient_privilege';
      END IF;
      INSERT INTO public.notification_mails_due (tenant_id) VALUES (tenant);
    END $$;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP FUNCTION tenant_api.note_notification_mail();
    DROP TABLE public.notification_mails_due;
  `);
}
