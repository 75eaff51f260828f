import type { Tenancy } from '@preau/tenancy';
import type { BackupConfig } from '../../config.ts';
import { AppError } from '../../platform/app-error.ts';
import type { Storage } from '../../platform/storage/storage.ts';
import { auditCentral, SYSTEM } from '../audit/index.ts';
import type { JobRun } from '../jobs/index.ts';
import type { LifecycleService } from '../tenants/index.ts';
import type { BundleService } from './bundle.service.ts';
import { deleteBundle } from './bundle.repository.ts';
import type { Bundle } from './bundle.model.ts';
import { keptUntil } from './retention.ts';

export type BundleCare = ReturnType<typeof createBundleCare>;

interface Options {
  tenancy: Tenancy;
  bundles: BundleService;
  lifecycle: Pick<LifecycleService, 'purgeExpired'>;
  backups: Storage;
  schedule: Pick<BackupConfig, 'time' | 'keep'>;
}

/** Hours within which a backup of the schedule counts as that of the day. */
const EVERY = '20 hours';
const AT_ONCE = 500;

/** What is done without anybody asking: backups of the schedule, and the end of what has had its time. */
export function createBundleCare({ tenancy, bundles, lifecycle, backups, schedule }: Options) {
  /** Removes an archive without a word in the trail: it was one on the way, or its time was said when it was made. */
  async function drop(id: string): Promise<void> {
    await tenancy.central(async ({ trx, afterCommit }) => {
      const { rows } = await trx.raw('SELECT * FROM public.bundles WHERE id = ? FOR UPDATE', [id]);
      const [bundle] = rows as Bundle[];
      if (!bundle) return;
      await deleteBundle(trx, id);
      afterCommit(() => backups.remove(bundle.storage_key));
    });
  }

  /** Whether the time of day has come. */
  const isTime = (now: Date): boolean =>
    schedule.time !== undefined && now.toISOString().slice(11, 16) >= schedule.time;

  async function backUpAll(now: Date): Promise<number> {
    if (!isTime(now)) return 0;
    const { rows } = await tenancy.central(
      ({ trx }) =>
        trx.raw(
          `SELECT t.id FROM public.tenants t WHERE t.provisioned_at IS NOT NULL AND t.status <> 'archived' AND NOT EXISTS (
             SELECT FROM public.bundles b WHERE b.tenant_id = t.id AND b.cause = 'schedule' AND b.status <> 'failed'
               AND b.created_at > ?::timestamptz - interval '${EVERY}') ORDER BY t.id LIMIT ${AT_ONCE}`,
          [now],
        ),
      { readOnly: true },
    );
    let started = 0;
    for (const { id } of rows as { id: string }[]) {
      try {
        await bundles.make(SYSTEM, id, { cause: 'schedule', keepUntil: keptUntil(now, schedule.keep) });
        started += 1;
      } catch (error) {
        // Somebody is making one.
        if (!(error instanceof AppError && error.code === 'job_in_progress')) throw error;
      }
    }
    return started;
  }

  async function dropExpired(now: Date): Promise<number> {
    const { rows } = await tenancy.central(
      ({ trx }) =>
        trx.raw(
          `SELECT id, tenant_id, kind FROM public.bundles WHERE keep_until < ? AND status <> 'running' ORDER BY keep_until LIMIT ${AT_ONCE}`,
          [now],
        ),
      { readOnly: true },
    );
    for (const { id, tenant_id, kind } of rows as Bundle[]) {
      await drop(id);
      await tenancy.central(({ trx }) =>
        auditCentral(trx, SYSTEM, tenant_id, {
          action: 'bundle.expire',
          target: { type: 'bundle', id },
          before: { kind },
        }),
      );
    }
    return rows.length;
  }

  return {
    drop,
    async care(
      run: Pick<JobRun, 'step'>,
      now = new Date(),
    ): Promise<{ started: number; dropped: number; purged: number }> {
      const started = await run.step('backups', () => backUpAll(now));
      const dropped = await run.step('expired backups', () => dropExpired(now));
      const purged = await run.step('expired schools', () => lifecycle.purgeExpired(now));
      return { started, dropped, purged };
    },
  };
}
