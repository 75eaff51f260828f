import { publishChange, type CentralScope, type Migrator, together, type Tenancy } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import { isDatabaseUnavailable } from '../../platform/database-errors.ts';
import { auditCentral, type Origin } from '../audit/index.ts';
import type { TenantDirectory } from '../current-tenant/index.ts';
import type { MadeInvitation } from '../members/index.ts';
import { endJob, type JobRun, type JobService, type LiveRun, reasonOf } from '../jobs/index.ts';
import { PROVISION } from './job-kinds.ts';
import type { ProvisioningStep, ProvisioningWork } from './provisioning-steps.ts';
import type { Tenant } from './tenant.model.ts';
import { lockTenantDetail, type TenantDetail } from './tenant.read-model.ts';
import { lockTenant, patchTenant, schemaVersion } from './tenant.repository.ts';
import { assertTransition } from './transitions.ts';

export type ProvisioningService = ReturnType<typeof createProvisioningService>;

interface Options {
  tenancy: Tenancy;
  migrator: Migrator;
  directory: TenantDirectory;
  jobs: JobService;
  steps: readonly ProvisioningStep[];
}

export interface Provisioned {
  /** For the school's first administrator; its link is shown once. */
  invitation: MadeInvitation;
  detail: TenantDetail;
}

/** @throws AppError for a school whose space is there already, or which only a restore may open. */
function assertProvisionable(tenant: Tenant): void {
  if (tenant.provisioned_at) throw new AppError('already_provisioned');
  // An archived school may go back to any state, but only a restore knows which, and ends the countdown.
  if (tenant.status === 'archived')
    throw new AppError('illegal_transition', { details: { from: 'archived', to: 'active' } });
  assertTransition(tenant.status, 'active');
}

/**
 * A key that may only enter schools builds the space of those that it entered itself.
 * @throws AppError `permission_denied`
 */
function assertOwn(tenant: Tenant, { actor }: Origin): void {
  if (actor.type !== 'key' || actor.scopes.includes('tenants:provision')) return;
  if (tenant.entered_by_key !== actor.lineage)
    throw new AppError('permission_denied', { details: { permission: 'tenants:provision' } });
}

/**
 * Builds a school's space. What is in the database is one transaction: killed anywhere, nothing of it is left and the school
 * is as it was. The run is a job, written down before: a worker goes on with it should this process die. Whoever holds the
 * school's row does the work; two at once wait for each other there, and the second finds it done.
 */
export function createProvisioningService({ tenancy, migrator, directory, jobs, steps }: Options) {
  function announce({ trx, afterCommit }: CentralScope, tenantId: string): Promise<void> {
    afterCommit(() => directory.forgetTenant(tenantId));
    return publishChange(trx, { kind: 'tenant', id: tenantId });
  }

  /** All steps, in the caller's transaction, which holds the school's row. */
  async function build(
    scope: CentralScope,
    tenant: Tenant,
    origin: Origin,
    run: JobRun,
    ready: string | null | undefined,
  ): Promise<MadeInvitation> {
    const work: ProvisioningWork = { trx: scope.trx, tenant, origin, ready, made: {} };
    const parts = steps.map((step) => ({ name: step.name, work: () => step.do(work) }));
    // None needs what another answers, so none waits for it; but a ladder that is climbed goes on as the school's role for
    // several messages, and nothing else may be sent meanwhile.
    const atOnce = ready === migrator.tenantVersion || (ready === undefined && migrator.snapshotIsCurrent);
    if (atOnce) await run.steps(parts);
    else for (const { name, work: part } of parts) await run.step(name, part);
    const { invitation, opened } = work.made;
    if (!invitation || !opened) throw new Error('A step left nothing behind');
    Object.assign(tenant, opened);
    return invitation;
  }

  /** Takes away what a rollback left. Only for the holder of the row of a school that is not provisioned. */
  async function undoOutside({ trx }: CentralScope, tenant: Tenant): Promise<void> {
    for (const step of steps.toReversed()) if (step.outside) await step.undo({ trx, tenant });
  }

  /** Keeps where and why it failed, so that the console and the command line can say it; the next attempt clears it. */
  async function markFailed(
    scope: CentralScope,
    tenant: Tenant,
    origin: Origin,
    step: string,
    reason: string,
  ): Promise<void> {
    // What cannot be taken away now is found and kept by the next attempt, and goes with the school at the latest.
    const left = await undoOutside(scope, tenant).then(
      () => '',
      (error: unknown) => ` (and: ${reasonOf(error)})`,
    );
    const failure = { step, reason: `${reason}${left}`, at: new Date().toISOString() };
    await patchTenant(scope.trx, tenant, { status: 'failed', failure });
    await auditCentral(scope.trx, origin, tenant.id, {
      action: 'tenant.provision_failed',
      target: { type: 'tenant', id: tenant.id },
      after: failure,
    });
    await announce(scope, tenant.id);
  }

  /** Ends a run that did not come to its end: as a failure of the school, unless it only could not be tried. */
  async function endBadly(
    origin: Origin,
    id: string,
    owner: string,
    { run, news }: LiveRun,
    error: unknown,
  ): Promise<never> {
    const last = news.steps.findLast(({ status }) => status !== 'done')?.name;
    const step = last ?? (news.steps.length > 0 ? 'commit' : 'lock');
    const ending = {
      status: 'failed',
      ...news,
      failure: { step, reason: reasonOf(error), at: new Date().toISOString() },
    } as const;
    const refused = error instanceof AppError;
    if (refused || isDatabaseUnavailable(error)) {
      // Where the database is still gone the job stays open, and a worker goes on with it when both are back.
      await tenancy.central(({ trx }) => endJob(trx, run.id, owner, ending)).catch(() => {});
      throw error;
    }
    const outcome = await tenancy.central(async (scope) => {
      const tenant = await lockTenant(scope.trx, id);
      const mine = await endJob(scope.trx, run.id, owner, ending);
      if (tenant.provisioned_at) return 'done';
      if (!mine) return 'elsewhere';
      await markFailed(scope, tenant, origin, step, ending.failure.reason);
      return 'failed';
    });
    // Nothing has failed: somebody else has done it, or has it in hand.
    if (outcome === 'done') throw new AppError('already_provisioned', { cause: error });
    if (outcome === 'elsewhere')
      throw new AppError('job_in_progress', {
        details: { job_id: run.id },
        extensions: { job_id: run.id },
        cause: error,
      });
    throw new AppError('provisioning_failed', {
      details: { step },
      extensions: { step, tenant_id: id, job_id: run.id },
      cause: error,
    });
  }

  return {
    /** Builds the school's space and opens it, now; answers its first administrator's invitation. */
    async provision(origin: Origin, id: string): Promise<Provisioned> {
      const begun = await tenancy.central(async ({ trx }) => {
        // The lock is sent first, as everywhere: two runs that took the job and the school in turns would wait for each other.
        const [tenant, , job] = await together([
          lockTenant(trx, id),
          // Nothing is lost with it that is not lost with the work itself, whose commit waits for the disk for both.
          trx.raw('SET LOCAL synchronous_commit = off'),
          jobs.begin(trx, origin, {
            kind: PROVISION,
            tenantId: id,
            payload: { tenant_id: id },
            uniqueKey: id,
          }),
        ]);
        // Refused, the job is rolled back with all else.
        assertOwn(tenant, origin);
        assertProvisionable(tenant);
        return job;
      });
      const live = jobs.attend(begun);
      try {
        const provisioned = await tenancy.central(async (scope) => {
          const { detail: before, schemaVersion: ready } = await lockTenantDetail(scope.trx, id);
          const { tenant } = before;
          assertProvisionable(tenant);
          const invitation = await build(scope, tenant, origin, live.run, ready);
          // The school's row is the fence: whoever has the job, the work is done.
          await together([
            announce(scope, id),
            endJob(scope.trx, begun.job.id, null, {
              status: 'done',
              ...live.news,
              result: { schema_name: tenant.schema_name },
            }),
          ]);
          return { invitation, detail: { ...before, tenant } };
        });
        jobs.ended(begun.job, 'done');
        return provisioned;
      } catch (error) {
        jobs.ended(begun.job, 'failed');
        return await endBadly(origin, id, begun.owner, live, error);
      } finally {
        await live.rest();
      }
    },

    /** Goes on with a run whose process died. Its invitation is shown to nobody: a new one can be made. */
    resume: (run: JobRun<{ tenant_id: string }>): Promise<{ schema_name: string } | { refused: string }> =>
      tenancy.central(async (scope) => {
        const tenant = await lockTenant(scope.trx, run.payload.tenant_id);
        // Killed after its commit, or done by somebody who did not wait.
        if (tenant.provisioned_at) return { schema_name: tenant.schema_name };
        // Archived meanwhile: nobody waits for it.
        if (tenant.status === 'archived') return { refused: tenant.status };
        await build(scope, tenant, run.origin, run, await schemaVersion(scope.trx, tenant.id));
        await announce(scope, tenant.id);
        return { schema_name: tenant.schema_name };
      }),

    /** A run has failed for good in a worker: the school says so, and can be provisioned again. */
    async giveUp({
      id,
      payload,
      origin,
    }: Pick<JobRun<{ tenant_id: string }>, 'id' | 'payload' | 'origin'>): Promise<void> {
      const { failure } = await jobs.get(id);
      await tenancy.central(async (scope) => {
        const tenant = await lockTenant(scope.trx, payload.tenant_id);
        if (tenant.provisioned_at || tenant.status === 'archived') return;
        await markFailed(scope, tenant, origin, failure?.step ?? 'commit', failure?.reason ?? 'cancelled');
      });
    },
  };
}
