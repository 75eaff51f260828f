import { publishChange, type CentralScope, type Migrator, together, type Tenancy } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import { isDatabaseUnavailable } from '../../platform/database-errors.ts';
import { auditCentral, type Origin } from '../audit/index.ts';
import type { TenantDirectory } from '../current-tenant/index.ts';
import { makeInvitation, type MadeInvitation } from '../identity/index.ts';
import type { Tenant } from './tenant.model.ts';
import { getTenantDetail, type TenantDetail } from './tenant.read-model.ts';
import { lockTenant, patchTenant, schemaVersion } from './tenant.repository.ts';
import { assertTransition } from './transitions.ts';

export type ProvisioningService = ReturnType<typeof createProvisioningService>;

interface Options {
  tenancy: Tenancy;
  migrator: Migrator;
  directory: TenantDirectory;
}

export interface Provisioned {
  /** For the school's first administrator; its link is shown once. */
  invitation: MadeInvitation;
  detail: TenantDetail;
}

/** What failed, and the step it was part of. */
class StepFailure extends Error {
  readonly step: string;

  constructor(name: string, cause: unknown) {
    super(name, { cause });
    this.step = name;
  }
}

/** Runs a step so that its failure tells its name. */
async function step<R>(name: string, work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof AppError || error instanceof StepFailure ? error : new StepFailure(name, error);
  }
}

/**
 * Builds a school's space. All steps share one transaction: killed anywhere, nothing is left behind and the school is as it
 * was; two at once wait for each other on the school's row, and the second finds it done.
 */
export function createProvisioningService({ tenancy, migrator, directory }: Options) {
  /** The school's role and schema, with all its tables. */
  const build = ({ trx }: CentralScope, tenant: Tenant, found: string | null | undefined): Promise<void> =>
    step('schema', async () => {
      if (found === undefined) return migrator.buildTenant(trx, tenant.schema_name);
      // Built ahead; nobody has used it. One that the migrator has not reached yet is made anew, at the right version.
      if (found !== migrator.tenantVersion) return migrator.rebuildTenant(trx, tenant.schema_name);
    });

  const inviteFirstAdmin = ({ trx }: CentralScope, tenant: Tenant, origin: Origin): Promise<MadeInvitation> =>
    step('first_admin', () => makeInvitation(trx, origin, tenant.id, tenant.email, 'admin'));

  const activate = ({ trx }: CentralScope, tenant: Tenant, origin: Origin): Promise<Tenant> =>
    step('activation', async () => {
      const [opened] = await together([
        patchTenant(trx, tenant, { status: 'active', provisioned_at: new Date(), failure: null }),
        auditCentral(trx, origin, tenant.id, {
          action: 'tenant.provision',
          target: { type: 'tenant', id: tenant.id },
          before: { status: tenant.status },
          after: { status: 'active' },
        }),
      ]);
      return opened;
    });

  function announce({ trx, afterCommit }: CentralScope, tenantId: string): Promise<void> {
    afterCommit(() => directory.forgetTenant(tenantId));
    return publishChange(trx, { kind: 'tenant', id: tenantId });
  }

  /** Keeps where and why it failed, so that the console and the command line can say it; the next attempt clears it. */
  async function recordFailure(
    origin: Origin,
    id: string,
    failedStep: string,
    cause: unknown,
  ): Promise<never> {
    const reason = cause instanceof Error ? cause.message : String(cause);
    await tenancy.central(async (scope) => {
      const tenant = await lockTenant(scope.trx, id);
      if (tenant.provisioned_at) return;
      const failure = { step: failedStep, reason, at: new Date().toISOString() };
      await patchTenant(scope.trx, tenant, { status: 'failed', failure });
      await auditCentral(scope.trx, origin, id, {
        action: 'tenant.provision_failed',
        target: { type: 'tenant', id },
        after: failure,
      });
      await announce(scope, id);
    });
    throw new AppError('provisioning_failed', {
      details: { step: failedStep },
      extensions: { step: failedStep, tenant_id: id },
      cause,
    });
  }

  return {
    /** Builds the school's space and opens it; answers its first administrator's invitation. */
    async provision(origin: Origin, id: string): Promise<Provisioned> {
      try {
        return await tenancy.central(async (scope) => {
          const [tenant, before, found] = await together([
            lockTenant(scope.trx, id),
            getTenantDetail(scope.trx, id),
            schemaVersion(scope.trx, id),
          ]);
          if (tenant.provisioned_at) throw new AppError('already_provisioned');
          // An archived school may go back to any state, but only a restore knows which, and ends the countdown.
          if (tenant.status === 'archived')
            throw new AppError('illegal_transition', { details: { from: 'archived', to: 'active' } });
          assertTransition(tenant.status, 'active');
          // A ladder that is climbed goes on as the school's role for several messages: nothing else may be sent meanwhile.
          const atOnce =
            found === migrator.tenantVersion || (found === undefined && migrator.snapshotIsCurrent);
          if (!atOnce) await build(scope, tenant, found);
          // None needs what another answers, so none waits for it.
          const [, invitation, opened] = await together([
            atOnce ? build(scope, tenant, found) : undefined,
            inviteFirstAdmin(scope, tenant, origin),
            activate(scope, tenant, origin),
            announce(scope, id),
          ]);
          return { invitation, detail: { ...before, tenant: opened } };
        });
      } catch (error) {
        if (error instanceof AppError || isDatabaseUnavailable(error)) throw error;
        const failed = error instanceof StepFailure ? error : new StepFailure('commit', error);
        if (isDatabaseUnavailable(failed.cause)) throw failed.cause;
        return recordFailure(origin, id, failed.step, failed.cause);
      }
    },
  };
}
