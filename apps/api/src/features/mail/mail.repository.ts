import type { Language } from '@preau/contracts/vocabulary';
import type { CentralTrx } from '@preau/tenancy';
import type { WrittenMail } from './write-mail.ts';

export interface NewMail {
  id: string;
  tenantId: string | null;
  kind: string;
  recipient: string;
  language: Language;
  data: object;
  expiresAt: Date;
}

export interface MailToSend {
  id: string;
  tenant_id: string | null;
  kind: string;
  recipient: string;
  language: Language;
  data: Record<string, unknown>;
  expires_at: Date;
  /** Of the school, if it is a school's. */
  name: string | null;
  primary_color: string | null;
  secondary_color: string | null;
  email: string | null;
  domain: string | null;
}

export async function insertMail(trx: CentralTrx, mail: NewMail): Promise<void> {
  await trx.raw(
    `INSERT INTO public.mails (id, tenant_id, kind, recipient, language, data, expires_at) VALUES (?, ?, ?, ?, ?, ?::jsonb, ?)`,
    [
      mail.id,
      mail.tenantId,
      mail.kind,
      mail.recipient,
      mail.language,
      JSON.stringify(mail.data),
      mail.expiresAt,
    ] as never,
  );
}

/** A mail that is still to be sent, with what its school looks like; counts the attempt. */
export async function takeMail(trx: CentralTrx, id: string): Promise<MailToSend | undefined> {
  const { rows } = await trx.raw(
    `WITH taken AS (
       UPDATE public.mails SET attempts = attempts + 1 WHERE id = ? AND status = 'queued'
       RETURNING id, tenant_id, kind, recipient, language, data, expires_at
     )
     SELECT taken.*, t.name, t.primary_color, t.secondary_color, t.email, d.domain
     FROM taken LEFT JOIN public.tenants t ON t.id = taken.tenant_id
     LEFT JOIN public.domains d ON d.tenant_id = t.id AND d.is_primary`,
    [id],
  );
  return rows[0];
}

/** Mails of a kind that an address was sent within the last hour, this one not counted. */
export async function countRecent(
  trx: CentralTrx,
  mail: Pick<MailToSend, 'id' | 'recipient' | 'kind'>,
): Promise<number> {
  const { rows } = await trx.raw(
    `SELECT count(*)::int AS count FROM public.mails
     WHERE recipient = ? AND kind = ? AND id <> ? AND status IN ('sent', 'kept') AND created_at > now() - interval '1 hour'`,
    [mail.recipient, mail.kind, mail.id],
  );
  return rows[0].count;
}

/** It has gone out, or is kept to be read (`written`). Nothing secret stays of what was sent. */
export async function endMail(
  trx: CentralTrx,
  id: string,
  end: { subject: string; kept?: WrittenMail },
): Promise<void> {
  await trx.raw(
    `UPDATE public.mails SET status = ?, subject = ?, body_text = ?, body_html = ?, data = '{}', sent_at = now(), failure = NULL WHERE id = ?`,
    [end.kept ? 'kept' : 'sent', end.subject, end.kept?.text ?? null, end.kept?.html ?? null, id] as never,
  );
}

/** `last`: it is not tried again. Without a `failure` what the server said last stays. */
export async function noteFailure(
  trx: CentralTrx,
  id: string,
  failure: string | null,
  last: boolean,
): Promise<void> {
  await trx.raw(
    last
      ? `UPDATE public.mails SET failure = COALESCE(?, failure), status = 'failed', data = '{}' WHERE id = ? AND status = 'queued'`
      : `UPDATE public.mails SET failure = COALESCE(?, failure) WHERE id = ? AND status = 'queued'`,
    [failure?.slice(0, 500) ?? null, id] as never,
  );
}

export async function deleteMail(trx: CentralTrx, id: string): Promise<void> {
  await trx.raw('DELETE FROM public.mails WHERE id = ?', [id]);
}

/** Takes the words out of what has expired, and the rows away after a while. */
export async function sweepMails(trx: CentralTrx, keptDays: number): Promise<void> {
  await trx.raw(
    `UPDATE public.mails SET data = '{}', body_text = NULL, body_html = NULL
     WHERE expires_at < now() AND (body_text IS NOT NULL OR data <> '{}') AND status <> 'queued'`,
  );
  await trx.raw(`DELETE FROM public.mails WHERE created_at < now() - make_interval(days => ?::int)`, [
    keptDays,
  ]);
}
