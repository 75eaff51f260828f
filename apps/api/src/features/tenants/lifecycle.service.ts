import { publishChange, storagePrefix, type CentralScope, type Migrator, type Tenancy } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import type { Storage } from '../../platform/storage/storage.ts';
import { isDatabaseUnavailable, violatesForeignKey } from '../../platform/database-errors.ts';
import { auditCentral, SYSTEM, type Origin } from '../audit/index.ts';
import type { TenantDirectory } from '../current-tenant/index.ts';
import { domainsOf } from '../domains/index.ts';
import type { JobRun, JobService } from '../jobs/index.ts';
import type { ProvisioningStep } from './provisioning-steps.ts';
import { REMOVE_FILES } from './job-kinds.ts';
import type { Tenant } from './tenant.model.ts';
import { getTenantDetail, type TenantDetail } from './tenant.read-model.ts';
import { deleteTenant, lockTenant, patchTenant, tenantExists } from './tenant.repository.ts';
import { erasureLine, expiredTenants, tracesOf } from './traces.read-model.ts';
import { checkVersion } from './tenant.service.ts';
import { assertTransition } from './transitions.ts';

export type LifecycleService = ReturnType<typeof createLifecycleService>;

export interface ErasureMarks {
  make(tenantId: string, proof: object): string;
  holds(tenantId: string, proof: object, mark: string): boolean;
}

interface Options {
  tenancy: Tenancy;
  migrator: Pick<Migrator, 'catchUp'>;
  directory: TenantDirectory;
  jobs: JobService;
  steps: readonly ProvisioningStep[];
  storage: Storage;
  /** Marks a line of the trail as only this installation can, so that it can be told from one that was written past it. */
  marks: ErasureMarks;
}

/** Days an archived school can be brought back. */
const RETENTION_DAYS = 30;

class NotDue extends Error {}

/** Opening, closing, archiving and erasing schools. Each change is seen by the next request to the school. */
export function createLifecycleService({
  tenancy,
  migrator,
  directory,
  jobs,
  steps,
  storage,
  marks,
}: Options) {
  async function announce({ trx, afterCommit }: CentralScope, tenantId: string): Promise<void> {
    await publishChange(trx, { kind: 'tenant', id: tenantId });
    afterCommit(() => directory.forgetTenant(tenantId));
  }

  /** One change of state, with its audit row. */
  function change(
    origin: Origin,
    id: string,
    expected: number | undefined,
    action: string,
    next: (tenant: Tenant) => Partial<Tenant> & Pick<Tenant, 'status'>,
    also: (scope: CentralScope, tenant: Tenant) => Promise<void> = async () => {},
  ): Promise<TenantDetail> {
    return tenancy.central(async (scope) => {
      const tenant = await lockTenant(scope.trx, id);
      checkVersion(tenant, expected);
      const changes = next(tenant);
      assertTransition(tenant.status, changes.status);
      await patchTenant(scope.trx, tenant, changes);
      await also(scope, tenant);
      await auditCentral(scope.trx, origin, id, {
        action: `tenant.${action}`,
        target: { type: 'tenant', id },
        before: { status: tenant.status },
        after: {
          status: changes.status,
          ...(changes.inactive_reason ? { reason: changes.inactive_reason } : {}),
        },
      });
      await announce(scope, id);
      return getTenantDetail(scope.trx, id);
    });
  }

  /** Everyone logged in at the school is logged out. */
  const endSessions = (id: string) => async (scope: CentralScope) => {
    await scope.trx.raw('DELETE FROM public.sessions WHERE tenant_id = ?', [id]);
  };

  /** Migrations pass archived schools by: they are brought up to date before they open. */
  const catchUp = async ({ trx }: CentralScope, tenant: Tenant): Promise<void> => {
    // One that was never provisioned has no schema, or one that provisioning looks after.
    if (!tenant.provisioned_at) return;
    try {
      await migrator.catchUp(trx, tenant.schema_name);
    } catch (cause) {
      throw isDatabaseUnavailable(cause) ? cause : new AppError('migration_failed', { cause });
    }
  };

  /** What is in the database goes in one transaction, with a job that surely takes the files after it. */
  async function erase(origin: Origin, id: string, check: (tenant: Tenant) => void): Promise<string> {
    try {
      return await tenancy.central(async (scope) => {
        const { trx } = scope;
        const tenant = await lockTenant(trx, id);
        check(tenant);
        // A large school takes longer than a person's request may.
        await trx.raw('SET LOCAL statement_timeout = 0');
        const hosts = (await domainsOf(trx, [id])).map(({ domain }) => domain);
        for (const step of steps.toReversed()) if (!step.outside) await step.undo({ trx, tenant });
        await deleteTenant(trx, id);
        // Not before the commit, which may fail; and surely, even if this process dies right after it.
        const jobId = await jobs.start(trx, origin, {
          kind: REMOVE_FILES,
          payload: { tenant_id: id, schema_name: tenant.schema_name },
        });
        await auditCentral(trx, origin, id, {
          action: 'tenant.purge',
          target: { type: 'tenant', id },
          before: {
            subdomain: tenant.subdomain,
            name: tenant.name,
            schema_name: tenant.schema_name,
            status: tenant.status,
          },
        });
        for (const host of hosts) await publishChange(trx, { kind: 'host', id: host });
        await announce(scope, id);
        return jobId;
      });
    } catch (error) {
      if (violatesForeignKey(error, 'tenants_network_fkey'))
        throw new AppError('last_network', { cause: error });
      throw error;
    }
  }

  return {
    activate: (origin: Origin, id: string, expected?: number) =>
      change(origin, id, expected, 'activate', (tenant) => {
        if (!tenant.provisioned_at) throw new AppError('not_provisioned');
        if (tenant.status === 'archived')
          throw new AppError('illegal_transition', { details: { from: 'archived', to: 'active' } });
        return { status: 'active', inactive_since: null, inactive_reason: null };
      }),

    deactivate: (origin: Origin, id: string, reason: string | null, expected?: number) =>
      change(
        origin,
        id,
        expected,
        'deactivate',
        (tenant) => {
          if (!tenant.provisioned_at) throw new AppError('not_provisioned');
          if (tenant.status === 'archived')
            throw new AppError('illegal_transition', { details: { from: 'archived', to: 'inactive' } });
          return { status: 'inactive', inactive_since: new Date(), inactive_reason: reason?.trim() || null };
        },
        endSessions(id),
      ),

    archive: (origin: Origin, id: string, expected?: number) =>
      change(
        origin,
        id,
        expected,
        'archive',
        (tenant) => ({
          status: 'archived',
          status_before_archive: tenant.status,
          inactive_since: new Date(),
          purge_at: new Date(Date.now() + RETENTION_DAYS * 86_400_000),
        }),
        endSessions(id),
      ),

    restore: (origin: Origin, id: string, expected?: number) =>
      change(
        origin,
        id,
        expected,
        'restore',
        (tenant) => {
          const status = tenant.status_before_archive ?? 'inactive';
          if (tenant.status !== 'archived')
            throw new AppError('illegal_transition', { details: { from: tenant.status, to: 'restore' } });
          const closed = status === 'inactive' ? {} : { inactive_since: null, inactive_reason: null };
          return { status, status_before_archive: null, purge_at: null, ...closed };
        },
        catchUp,
      ),

    /**
     * Removes the files of a school that was erased, then looks for anything that is left of it; what was found, which is
     * nothing, is put down under a mark that only this installation can make.
     */
    async removeFiles({
      origin,
      payload: { tenant_id: id, schema_name: schemaName },
      progress,
      signal,
    }: Pick<
      JobRun<{ tenant_id: string; schema_name?: string }>,
      'origin' | 'payload' | 'progress' | 'signal'
    >): Promise<{
      removed: boolean;
      files: number;
    }> {
      const there = await tenancy.central(({ trx }) => tenantExists(trx, id), { readOnly: true });
      if (there) throw new Error('The school is still there: its files are not to be removed');
      let files = 0;
      for await (const { key } of storage.keys(storagePrefix({ id }))) {
        signal.throwIfAborted();
        await storage.remove(key);
        files += 1;
        if (files % 100 === 0) progress({ done: files, unit: 'files' });
      }
      await storage.removeAll(storagePrefix({ id }));
      progress({ done: files, unit: 'files' });
      const left = await storage.list(storagePrefix({ id }));
      await tenancy.central(async ({ trx }) => {
        const traces = await tracesOf(trx, id, schemaName ?? null);
        const found = [...traces, ...left.map((name) => `file ${name}`)];
        if (found.length > 0) throw new Error(`Something is left of the school: ${found.join(', ')}`);
        const proof = { schema: 0, role: 0, shared_rows: 0, files: 0, files_removed: files };
        await auditCentral(trx, origin, id, {
          action: 'tenant.erased',
          target: { type: 'tenant', id },
          after: { ...proof, mark: marks.make(id, proof) },
        });
      });
      return { removed: true, files };
    },

    /** What the trail says of a school's erasure, whether this installation wrote it, and what is left of the school now. */
    async erasure(id: string): Promise<{ at: string; proof: object; genuine: boolean; traces: string[] }> {
      const [line, traces] = await tenancy.central(
        async ({ trx }) => [await erasureLine(trx, id), await tracesOf(trx, id, null)] as const,
        { readOnly: true },
      );
      if (!line) throw new AppError('not_found');
      const { mark, ...found } = line.after;
      // In the order it was written in: JSON of the database has its own.
      const { schema, role, shared_rows, files, files_removed } = found;
      const proof = { schema, role, shared_rows, files, files_removed };
      return { at: line.at.toISOString(), proof, genuine: marks.holds(id, proof, mark ?? ''), traces };
    },

    /** Erases the archived schools whose time is over. @returns how many. */
    async purgeExpired(now = new Date()): Promise<number> {
      const expired = await tenancy.central(({ trx }) => expiredTenants(trx, now), { readOnly: true });
      let purged = 0;
      for (const { id, subdomain } of expired) {
        try {
          await erase(SYSTEM, id, (tenant) => {
            // Brought back meanwhile, or given more time.
            if (tenant.status !== 'archived' || !tenant.purge_at || tenant.purge_at > now)
              throw new NotDue(subdomain);
          });
          purged += 1;
        } catch (error) {
          // A network that still has schools goes after them.
          if (!(error instanceof NotDue || (error instanceof AppError && error.code === 'last_network')))
            throw error;
        }
      }
      return purged;
    },

    /**
     * Erases a school: its schema, its role, its rows, its files. What stays is the audit trail, and its backups until their time
     * is over. Not to be undone. @returns the job that removes the files.
     */
    purge: (
      origin: Origin,
      id: string,
      confirmation: string | undefined,
      expected?: number,
    ): Promise<string> =>
      erase(origin, id, (tenant) => {
        checkVersion(tenant, expected);
        if (confirmation !== tenant.subdomain)
          throw new AppError('confirmation_required', { details: { subdomain: tenant.subdomain } });
      }),
  };
}
