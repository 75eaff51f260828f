import type { Tenancy } from '@preau/tenancy';
import { auditCentral, SYSTEM } from '../audit/index.ts';
import type { MailService } from '../mail/index.ts';
import { noteLevels, toldOf, type Quota } from './levels.repository.ts';

export type QuotaLevels = ReturnType<typeof createQuotaLevels>;

/** Tells schools that something is about to be used up. */
export function createQuotaLevels({ tenancy, mails }: { tenancy: Tenancy; mails: MailService }) {
  return {
    /** Tells schools, and the trail, of a level that they have passed: each crossing once. Of one school, or of all. */
    tell: (quota: Quota, tenantId: string | null = null): Promise<void> =>
      tenancy.central(async ({ trx }) => {
        for (const { tenantId: school, before, level, used, limit } of await noteLevels(
          trx,
          quota,
          tenantId,
        )) {
          if (level < before) continue;
          await auditCentral(trx, SYSTEM, school, {
            action: `${quota.name}.level`,
            target: { type: 'tenant', id: school },
            before: { level: before },
            after: { level, used, limit },
          });
          const { emails, language } = await toldOf(trx, school);
          for (const to of emails)
            await mails.enqueue(trx, {
              kind: quota.mail,
              to,
              tenantId: school,
              language,
              data: { level, used, limit },
            });
        }
      }),
  };
}
