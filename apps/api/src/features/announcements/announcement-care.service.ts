import type { Tenancy, TenantRef } from '@preau/tenancy';
import { auditTenant, type Origin } from '../audit/index.ts';
import { planPublication, publishDue, scheduledOnes } from './announcement.repository.ts';
import type { Herald } from './herald.ts';

export type AnnouncementCare = ReturnType<typeof createAnnouncementCare>;

const MOST_AT_ONCE = 500;
/** Open, with the module on: of the others nothing is published; what was due is, as soon as they are back. */
const ANNOUNCING = "t.status = 'active' AND (t.modules_enabled->>'announcements')::boolean";

interface Due {
  id: string;
  schemaName: string;
  announcementId: string;
}

/** What is done with announcements without anybody asking. */
export function createAnnouncementCare({ tenancy, herald }: { tenancy: Tenancy; herald: Herald }) {
  /** Exactly once: state, trail, notifications and plan are one transaction, and a second one finds it published. */
  const publish = (school: TenantRef, id: string, origin: Origin): Promise<boolean> =>
    tenancy.write(school, async (scope) => {
      const row = await publishDue(scope.trx, id);
      await planPublication(scope.trx, id, null);
      if (!row) return false;
      await auditTenant(scope.trx, origin, {
        action: 'announcement.publish',
        target: { type: 'announcement', id },
        before: { status: 'scheduled' },
        after: { status: 'published' },
      });
      await herald.published(scope, row);
      return true;
    });

  const due = (): Promise<Due[]> =>
    tenancy.central(
      async ({ trx }) => {
        const { rows } = await trx.raw(
          `SELECT t.id, t.schema_name AS "schemaName", d.announcement_id AS "announcementId"
           FROM public.announcements_due d JOIN public.tenants t ON t.id = d.tenant_id
           WHERE d.due_at <= now() AND ${ANNOUNCING} ORDER BY d.due_at LIMIT ?`,
          [MOST_AT_ONCE],
        );
        return rows;
      },
      { readOnly: true },
    );

  return {
    /** Publishes what is due. One that fails stays due, and keeps nobody else's back. */
    async publishDue(origin: Origin, signal: AbortSignal): Promise<{ published: number; failed: number }> {
      const counts = { published: 0, failed: 0 };
      const failures: unknown[] = [];
      for (const { announcementId, ...school } of await due()) {
        if (signal.aborted) break;
        try {
          if (await publish(school, announcementId, origin)) counts.published += 1;
        } catch (error) {
          counts.failed += 1;
          failures.push(error);
        }
      }
      // The job says that it failed, and is begun again; what was published stays published.
      if (failures.length > 0) throw new AggregateError(failures, `${failures.length} not published`);
      return counts;
    },

    /** Plans anew what schools have scheduled: an archive that came back carries its own rows, and no plans. */
    async replan(signal: AbortSignal): Promise<{ schools: number }> {
      const schools = await tenancy.central(
        async ({ trx }) => {
          const { rows } = await trx.raw(
            `SELECT t.id, t.schema_name AS "schemaName" FROM public.tenants t WHERE ${ANNOUNCING} ORDER BY t.id`,
          );
          return rows as TenantRef[];
        },
        { readOnly: true },
      );
      for (const school of schools) {
        if (signal.aborted) break;
        await tenancy.write(school, async ({ trx }) => {
          for (const { id, publish_at: at } of await scheduledOnes(trx)) await planPublication(trx, id, at);
        });
      }
      return { schools: schools.length };
    },
  };
}
