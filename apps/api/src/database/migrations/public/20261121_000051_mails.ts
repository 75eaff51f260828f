import type { Knex } from 'knex';

/** Mail on its way: written with what causes it, sent by a job. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE public.mails (
      id uuid PRIMARY KEY,
      tenant_id uuid REFERENCES public.tenants (id) ON DELETE CASCADE,
      kind text NOT NULL,
      recipient text NOT NULL,
      language text NOT NULL CHECK (language IN ('fr', 'en')),
      -- What the text is made from. May hold secrets: emptied once sent, failed or expired.
      data jsonb NOT NULL,
      status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'sent', 'kept', 'failed')),
      subject text,
      -- Only without a server to send it by: people read it in the console.
      body_text text,
      body_html text,
      attempts integer NOT NULL DEFAULT 0,
      failure text,
      created_at timestamptz NOT NULL DEFAULT now(),
      sent_at timestamptz,
      -- When its links have lost their worth, and its words go.
      expires_at timestamptz NOT NULL
    );
    CREATE INDEX mails_recipient_index ON public.mails (recipient, kind, created_at);
    CREATE INDEX mails_tenant_index ON public.mails (tenant_id);
    CREATE INDEX mails_created_index ON public.mails (created_at);
    CREATE INDEX mails_expiry_index ON public.mails (expires_at) WHERE body_text IS NOT NULL OR data <> '{}';
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE public.mails');
}
