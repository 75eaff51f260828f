import type { Tenancy } from '@preau/tenancy';
import type { MailService } from '../mail/index.ts';
import type { NotificationDefinition } from './define-notification.ts';
import type { Notification } from './notification.model.ts';
import { NOTIFICATION_MAIL, type MailedLine } from './notification.mails.ts';
import { listMailDue } from './notification.read-model.ts';
import {
  addressesOf,
  forgetOld,
  mailWritten,
  removeNotes,
  schoolsWithMail,
  schoolsWithSpace,
  type MailedSchool,
} from './notification.repository.ts';
import { sentenceOf } from './sentence.ts';

export type NotificationCare = ReturnType<typeof createNotificationCare>;

/** Minutes in which whoever is there reads it in the portal, and gets no mail. */
const PATIENCE = 3;
const MOST_AT_ONCE = 1_000;
/** Lines of one mail; it says how many more there are. */
const MOST_LINES = 10;
const READ_DAYS = 60;
const ALL_DAYS = 180;

export interface NotificationCareOptions {
  tenancy: Tenancy;
  mails: MailService;
  kinds: ReadonlyMap<string, NotificationDefinition>;
}

/** What is done with notifications without anybody asking: mail for what stays unread, and forgetting. */
export function createNotificationCare({ tenancy, mails, kinds }: NotificationCareOptions) {
  function linesOf(
    due: readonly Notification[],
    { language, modules }: MailedSchool,
  ): Map<string, MailedLine[]> {
    const lines = new Map<string, MailedLine[]>();
    for (const row of due) {
      const kind = kinds.get(row.kind);
      if (!kind || row.read_at || (kind.module && modules[kind.module] !== true)) continue;
      const { title, text } = sentenceOf(kind, row, language);
      const mine = lines.get(row.user_id) ?? [];
      lines.set(row.user_id, [...mine, { title, text }]);
    }
    return lines;
  }

  /** One mail a person. Killed between writing and noting it, the next run writes it again: twice is better than never. */
  async function mailOf(school: MailedSchool): Promise<number> {
    let written = 0;
    for (;;) {
      const due = await tenancy.read(school, ({ trx }) => listMailDue(trx, MOST_AT_ONCE));
      if (due.length === 0) return written;
      const lines = school.sends ? linesOf(due, school) : new Map<string, MailedLine[]>();
      await tenancy.central(async ({ trx }) => {
        const addresses = await addressesOf(trx, school.id, [...lines.keys()]);
        for (const [userId, to] of addresses) {
          const mine = lines.get(userId) ?? [];
          const data = { lines: mine.slice(-MOST_LINES), more: Math.max(0, mine.length - MOST_LINES) };
          await mails.enqueue(trx, {
            kind: NOTIFICATION_MAIL,
            to,
            tenantId: school.id,
            language: school.language,
            data,
          });
          written += 1;
        }
      });
      await tenancy.write(school, ({ trx }) =>
        mailWritten(
          trx,
          due.map(({ id }) => id),
        ),
      );
    }
  }

  return {
    /** Sends what is due, school after school; of one that is not open nothing, until it is. */
    async mail({ signal, minutes = PATIENCE }: { signal?: AbortSignal; minutes?: number } = {}): Promise<{
      mails: number;
    }> {
      let written = 0;
      const schools = await tenancy.central(({ trx }) => schoolsWithMail(trx, minutes), { readOnly: true });
      for (const school of schools) {
        signal?.throwIfAborted();
        if (school.status !== 'active') continue;
        written += await mailOf(school);
        await tenancy.central(({ trx }) => removeNotes(trx, school.notes));
      }
      return { mails: written };
    },

    /** Forgets what has had its time. A school that fails is left for the next night. */
    async forget(): Promise<{ forgotten: number; failed: number }> {
      let forgotten = 0;
      const schools = await tenancy.central(({ trx }) => schoolsWithSpace(trx), { readOnly: true });
      const failures = await tenancy.forEach(schools, async ({ trx }) => {
        forgotten += await forgetOld(trx, { readDays: READ_DAYS, allDays: ALL_DAYS });
      });
      return { forgotten, failed: failures.length };
    },
  };
}
