import type { CentralScope, CentralTrx, Tenancy } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import { auditCentral, type Origin } from '../audit/index.ts';
import type { TenantDirectory } from '../current-tenant/index.ts';
import { lockTenant } from '../tenants/index.ts';
import { announceDomain } from './announce-domain.ts';
import { examine, type Report, type Surroundings } from './domain-doctor.ts';
import { nextState } from './domain-state.ts';
import {
  customDomains,
  deleteDomain,
  expiredDomains,
  findDomain,
  patchDomain,
  setPrimary,
  subdomainRow,
  type Domain,
} from './domain.repository.ts';

export type DomainCare = ReturnType<typeof createDomainCare>;

interface Options {
  tenancy: Tenancy;
  directory: TenantDirectory;
  baseDomain: string;
  surroundings: Surroundings;
  now?: () => Date;
}

/** Domains examined at once by the daily check. */
const AT_ONCE = 8;

/** Asks DNS about addresses, and keeps what it says. No transaction is open while DNS is asked. */
export function createDomainCare({
  tenancy,
  directory,
  baseDomain,
  surroundings,
  now = () => new Date(),
}: Options) {
  async function find(trx: CentralTrx, tenantId: string, id: string): Promise<Domain> {
    const domain = await findDomain(trx, tenantId, id);
    if (!domain) throw new AppError('not_found');
    return domain;
  }

  /** Writes what was found, and what the domain becomes by it. */
  async function settle(
    scope: CentralScope,
    origin: Origin,
    before: Domain,
    report: Report,
  ): Promise<Domain> {
    const { trx } = scope;
    await lockTenant(trx, before.tenant_id);
    const domain = await find(trx, before.tenant_id, before.id);
    const next = domain.kind === 'custom' ? nextState(domain, report, now()) : domain;
    if (domain.is_primary && next.status === 'pending')
      await setPrimary(trx, domain.tenant_id, (await subdomainRow(trx, domain.tenant_id)).id);
    const changed = next.status !== domain.status;
    await patchDomain(trx, domain.id, {
      status: next.status,
      failing_since: next.failing_since,
      checked_at: new Date(report.checked_at),
      report,
    });
    if (changed) {
      await auditCentral(trx, origin, domain.tenant_id, {
        action: 'domain.check',
        target: { type: 'domain', id: domain.id },
        before: { domain: domain.domain, status: domain.status },
        after: {
          domain: domain.domain,
          status: next.status,
          findings: report.findings.filter(({ result }) => result !== 'ok').map(({ code }) => code),
        },
      });
      await announceDomain(directory, scope, domain.tenant_id, domain.domain);
    }
    return find(trx, domain.tenant_id, domain.id);
  }

  async function verify(origin: Origin, tenantId: string, id: string): Promise<Domain> {
    const { domain, own } = await tenancy.central(
      async ({ trx }) => ({
        domain: await find(trx, tenantId, id),
        own: await subdomainRow(trx, tenantId),
      }),
      { readOnly: true },
    );
    const report = await examine(
      {
        domain: domain.domain,
        token: domain.challenge_token,
        vouched: domain.vouched || domain.kind !== 'custom',
        target: own.domain,
        baseDomain,
      },
      surroundings,
      now(),
    );
    return tenancy.central((scope) => settle(scope, origin, domain, report));
  }

  return {
    get: (tenantId: string, id: string): Promise<Domain> =>
      tenancy.central(({ trx }) => find(trx, tenantId, id), { readOnly: true }),

    /** Examines one address now; a pending domain whose proof is there becomes active. Throws `not_found`. */
    verify,

    /** Examines every domain that schools brought; goes on past one that cannot be. */
    async verifyAll(
      origin: Origin,
      options: { signal?: AbortSignal; onChecked?: (done: number, total: number) => void } = {},
    ): Promise<{ checked: number; changed: string[]; failed: string[] }> {
      const domains = await tenancy.central(({ trx }) => customDomains(trx), { readOnly: true });
      const waiting = domains.values();
      const changed: string[] = [];
      const failed: string[] = [];
      let checked = 0;
      const worker = async (): Promise<void> => {
        for (const { id, tenant_id, domain, status } of waiting) {
          options.signal?.throwIfAborted();
          try {
            const after = await verify(origin, tenant_id, id);
            if (after.status !== status) changed.push(domain);
          } catch (error) {
            // Removed meanwhile is no failure.
            if (!(error instanceof AppError && error.code === 'not_found')) failed.push(domain);
          }
          options.onChecked?.((checked += 1), domains.length);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      return { checked, changed, failed };
    },

    /** Gives former subdomains free whose time is over. */
    async dropExpired(origin: Origin): Promise<string[]> {
      const expired = await tenancy.central(({ trx }) => expiredDomains(trx), { readOnly: true });
      for (const { id, tenant_id, domain } of expired)
        await tenancy.central(async (scope) => {
          await lockTenant(scope.trx, tenant_id);
          if ((await deleteDomain(scope.trx, id)) === 0) return;
          await auditCentral(scope.trx, origin, tenant_id, {
            action: 'domain.expire',
            target: { type: 'domain', id },
            before: { domain },
          });
          await announceDomain(directory, scope, tenant_id, domain);
        });
      return expired.map(({ domain }) => domain);
    },
  };
}
