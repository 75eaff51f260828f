import type { TestApp } from './harness.ts';

export interface ReadMail {
  id: string;
  kind: string;
  subject: string;
  text: string;
  html: string;
}

/** Carries out what the worker would: all that waits to be sent is put into words and kept. */
export async function deliverMails(t: TestApp): Promise<void> {
  const queued = await t.sql<{ id: string }>(
    "SELECT id FROM public.mails WHERE status = 'queued' ORDER BY id",
  );
  for (const { id } of queued) await t.services.mails.deliver(id);
}

/** The mails that an address has got, latest last. */
export async function mailsTo(t: TestApp, address: string): Promise<ReadMail[]> {
  await deliverMails(t);
  return t.sql<ReadMail>(
    `SELECT id, kind, subject, body_text AS text, body_html AS html FROM public.mails
     WHERE recipient = $1 AND status = 'kept' ORDER BY id`,
    [address],
  );
}

/** The latest mail to an address. Throws when there is none. */
export async function lastMailTo(t: TestApp, address: string): Promise<ReadMail> {
  const mail = (await mailsTo(t, address)).at(-1);
  if (!mail) throw new Error(`No mail to ${address}`);
  return mail;
}

/** What stands after `#` in the link of a mail. */
export const secretOf = ({ text }: ReadMail): string => /#(\S+)/.exec(text)?.[1] ?? '';
/** The six digits of a mail. */
export const codeOf = ({ text }: ReadMail): string => /^ {4}(\d{6})$/m.exec(text)?.[1] ?? '';
