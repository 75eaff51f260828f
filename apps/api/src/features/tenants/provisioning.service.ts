import {
  createTenantSchema,
  publishChange,
  type CentralScope,
  type CentralTrx,
  type Migrator,
  type Tenancy,
} from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import { isDatabaseUnavailable } from '../../platform/database-errors.ts';
import { auditCentral, type Origin } from '../audit/index.ts';
import type { TenantDirectory } from '../current-tenant/index.ts';
import { makeInvitation, type MadeInvitation } from '../identity/index.ts';
import type { Tenant } from './tenant.model.ts';
import { lockTenant, patchTenant } from './tenant.repository.ts';
import { assertTransition } from './transitions.ts';

export type ProvisioningService = ReturnType<typeof createProvisioningService>;

interface Options {
  tenancy: Tenancy;
  migrator: Migrator;
  directory: TenantDirectory;
}

interface Work {
  trx: CentralTrx;
  tenant: Tenant;
  origin: Origin;
  invitation: MadeInvitation | null;
}

/**
 * Builds a school's space. All steps share one transaction: killed anywhere, nothing is left behind and the school is as it
 * was; two at once wait for each other on the school's row, and the second finds it done.
 */
export function createProvisioningService({ tenancy, migrator, directory }: Options) {
  const steps: readonly { name: string; run(work: Work): Promise<void> }[] = [
    { name: 'schema', run: ({ trx, tenant }) => createTenantSchema(trx, tenant.schema_name) },
    { name: 'tables', run: ({ trx, tenant }) => migrator.buildTenant(trx, tenant.schema_name) },
    {
      name: 'first_admin',
      run: async (work) => {
        work.invitation = await makeInvitation(
          work.trx,
          work.origin,
          work.tenant.id,
          work.tenant.email,
          'admin',
        );
      },
    },
    {
      name: 'activation',
      run: async (work) => {
        const before = work.tenant.status;
        work.tenant = await patchTenant(work.trx, work.tenant, {
          status: 'active',
          provisioned_at: new Date(),
          failure: null,
        });
        await auditCentral(work.trx, work.origin, work.tenant.id, {
          action: 'tenant.provision',
          target: { type: 'tenant', id: work.tenant.id },
          before: { status: before },
          after: { status: 'active' },
        });
      },
    },
  ];

  function announce({ trx, afterCommit }: CentralScope, tenantId: string): Promise<void> {
    afterCommit(() => directory.forgetTenant(tenantId));
    return publishChange(trx, { kind: 'tenant', id: tenantId });
  }

  /** Keeps where and why it failed, so that the console and the command line can say it; the next attempt clears it. */
  async function recordFailure(origin: Origin, id: string, step: string, cause: unknown): Promise<never> {
    const reason = cause instanceof Error ? cause.message : String(cause);
    await tenancy.central(async (scope) => {
      const tenant = await lockTenant(scope.trx, id);
      if (tenant.provisioned_at) return;
      const failure = { step, reason, at: new Date().toISOString() };
      await patchTenant(scope.trx, tenant, { status: 'failed', failure });
      await auditCentral(scope.trx, origin, id, {
        action: 'tenant.provision_failed',
        target: { type: 'tenant', id },
        after: failure,
      });
      await announce(scope, id);
    });
    throw new AppError('provisioning_failed', {
      details: { step },
      extensions: { step, tenant_id: id },
      cause,
    });
  }

  return {
    stepNames: steps.map(({ name }) => name),

    /** Builds the school's space and opens it; answers its first administrator's invitation. */
    async provision(origin: Origin, id: string): Promise<MadeInvitation | null> {
      let current = 'start';
      try {
        return await tenancy.central(async (scope) => {
          const tenant = await lockTenant(scope.trx, id);
          if (tenant.provisioned_at) throw new AppError('already_provisioned');
          // An archived school may go back to any state, but only a restore knows which, and ends the countdown.
          if (tenant.status === 'archived')
            throw new AppError('illegal_transition', { details: { from: 'archived', to: 'active' } });
          assertTransition(tenant.status, 'active');
          const work: Work = { trx: scope.trx, tenant, origin, invitation: null };
          for (const step of steps) {
            current = step.name;
            await step.run(work);
          }
          await announce(scope, id);
          return work.invitation;
        });
      } catch (error) {
        if (error instanceof AppError || isDatabaseUnavailable(error)) throw error;
        return recordFailure(origin, id, current, error);
      }
    },
  };
}
