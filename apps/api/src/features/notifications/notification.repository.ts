import type { CentralTrx, TenantTrx } from '@preau/tenancy';
import type { Language } from '@preau/contracts/vocabulary';

export interface ToldPerson {
  user_id: string;
  shown: boolean;
  mail_due: boolean;
}

/**
 * Tells people of something, each as they chose. Where somebody has not read the last one about the same subject, that one
 * is renewed: ten messages of one conversation are one line.
 */
export async function insertNotifications(
  trx: TenantTrx,
  {
    ids,
    userIds,
    kind,
    subject,
    data,
    mail,
  }: {
    ids: readonly string[];
    userIds: readonly string[];
    kind: string;
    subject: string | null;
    data: object;
    mail: boolean;
  },
): Promise<ToldPerson[]> {
  const { rows } = await trx.raw(
    `WITH asked AS (
       SELECT p.id, p.user_id, coalesce(c.in_app, true) AS shown, coalesce(c.mail, :mail) AS mail_due
       FROM unnest(:ids::uuid[], :userIds::uuid[]) AS p (id, user_id)
       LEFT JOIN notification_choices c ON c.user_id = p.user_id AND c.kind = :kind),
     wanted AS (SELECT * FROM asked WHERE shown OR mail_due),
     renewed AS (
       UPDATE notifications n SET data = :data, created_at = now(), mail_due = wanted.mail_due
       FROM wanted
       WHERE n.user_id = wanted.user_id AND n.kind = :kind AND n.subject = :subject AND n.read_at IS NULL
         AND n.shown = wanted.shown
       RETURNING n.user_id),
     added AS (
       INSERT INTO notifications (id, user_id, kind, subject, data, shown, mail_due)
       SELECT id, user_id, :kind, :subject, :data, shown, mail_due FROM wanted
       WHERE user_id NOT IN (SELECT user_id FROM renewed))
     SELECT user_id, shown, mail_due FROM wanted`,
    {
      ids,
      userIds,
      kind,
      subject: subject as string,
      data: JSON.stringify(data),
      mail,
    },
  );
  return rows;
}

/** Leaves word, in the caller's transaction, that this school has notifications to send by mail. */
export async function noteMailDue(trx: TenantTrx): Promise<void> {
  await trx.raw('SELECT tenant_api.note_notification_mail()');
}

/** @returns whether it was there, one's own and of these kinds. */
export async function markRead(
  trx: TenantTrx,
  { userId, kinds }: { userId: string; kinds: readonly string[] },
  id: string,
): Promise<boolean> {
  const { rows } = await trx.raw(
    `UPDATE notifications SET read_at = coalesce(read_at, now()), mail_due = false
     WHERE id = ? AND user_id = ? AND shown AND kind = ANY (?) RETURNING 1`,
    [id, userId, kinds as string[]],
  );
  return rows.length > 0;
}

/** Those of these kinds: nobody has read what was not shown. @returns how many. */
export async function markAllRead(
  trx: TenantTrx,
  { userId, kinds }: { userId: string; kinds: readonly string[] },
): Promise<number> {
  const { rows } = await trx.raw(
    `UPDATE notifications SET read_at = now(), mail_due = false
     WHERE user_id = ? AND shown AND read_at IS NULL AND kind = ANY (?) RETURNING 1`,
    [userId, kinds as string[]],
  );
  return rows.length;
}

export async function saveChoice(
  trx: TenantTrx,
  choice: { userId: string; kind: string; in_app: boolean; mail: boolean },
): Promise<void> {
  await trx.raw(
    `INSERT INTO notification_choices (user_id, kind, in_app, mail) VALUES (:userId, :kind, :in_app, :mail)
     ON CONFLICT (user_id, kind) DO UPDATE SET in_app = excluded.in_app, mail = excluded.mail`,
    choice,
  );
}

/** Forgets what was read a while ago, and what nobody read for long. @returns how many. */
export async function forgetOld(
  trx: TenantTrx,
  { readDays, allDays }: { readDays: number; allDays: number },
): Promise<number> {
  const { rows } = await trx.raw(
    `WITH gone AS (
       DELETE FROM notifications
       WHERE created_at < now() - make_interval(days => :allDays)
         OR read_at < now() - make_interval(days => :readDays) OR (NOT shown AND NOT mail_due)
       RETURNING 1)
     SELECT count(*)::int AS count FROM gone`,
    { readDays, allDays },
  );
  return rows[0].count;
}

/** Their mail has been written: it is owed no more. */
export async function mailWritten(trx: TenantTrx, ids: readonly string[]): Promise<void> {
  await trx.raw('UPDATE notifications SET mail_due = false WHERE id = ANY (?::uuid[])', [ids as string[]]);
}

export interface MailedSchool {
  id: string;
  schemaName: string;
  status: string;
  language: Language;
  sends: boolean;
  modules: Record<string, boolean>;
  /** Of the notes that were left. */
  notes: string[];
}

/** Schools that left word some minutes ago that mail is due. */
export async function schoolsWithMail(trx: CentralTrx, minutes: number): Promise<MailedSchool[]> {
  const { rows } = await trx.raw(
    `SELECT t.id, t.schema_name AS "schemaName", t.status, t.settings->>'language' AS language,
       (t.settings->>'enable_email_notifications')::boolean AS sends, t.modules_enabled AS modules, array_agg(d.id) AS notes
     FROM public.notification_mails_due d JOIN public.tenants t ON t.id = d.tenant_id
     WHERE d.created_at < now() - make_interval(mins => ?)
     GROUP BY t.id ORDER BY min(d.id)`,
    [minutes],
  );
  return rows;
}

export async function removeNotes(trx: CentralTrx, notes: readonly string[]): Promise<void> {
  await trx.raw('DELETE FROM public.notification_mails_due WHERE id = ANY (?::bigint[])', [
    notes as string[],
  ]);
}

/** Schools that have a space of their own. */
export async function schoolsWithSpace(trx: CentralTrx): Promise<{ id: string; schemaName: string }[]> {
  const { rows } = await trx.raw(
    `SELECT id, schema_name AS "schemaName" FROM public.tenants
     WHERE provisioned_at IS NOT NULL AND status <> 'archived' ORDER BY id`,
  );
  return rows;
}

/** Addresses of those who are members of the school now. */
export async function addressesOf(
  trx: CentralTrx,
  tenantId: string,
  userIds: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await trx.raw(
    `SELECT u.id, u.email FROM public.users u JOIN public.memberships m ON m.user_id = u.id
     WHERE m.tenant_id = ? AND m.status = 'active' AND u.id = ANY (?::uuid[])`,
    [tenantId, userIds as string[]],
  );
  return new Map(rows.map(({ id, email }: { id: string; email: string }) => [id, email]));
}
