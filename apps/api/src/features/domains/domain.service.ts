import { randomBytes } from 'node:crypto';
import { normaliseDomain, publishChange, type CentralTrx, type Tenancy } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError, fieldError } from '../../platform/app-error.ts';
import { violatesUnique } from '../../platform/database-errors.ts';
import { auditCentral, type Origin } from '../audit/index.ts';
import type { TenantDirectory } from '../current-tenant/index.ts';
import { lockTenant, touchVersion } from '../tenants/index.ts';
import {
  deleteDomain,
  domainsOf,
  findDomain,
  insertDomain,
  setPrimary,
  type Domain,
} from './domain.repository.ts';
import { subdomainProblem } from './subdomain-rules.ts';

export type DomainService = ReturnType<typeof createDomainService>;

interface Options {
  tenancy: Tenancy;
  directory: TenantDirectory;
  baseDomain: string;
}

/** Addresses of schools. */
export function createDomainService({ tenancy, directory, baseDomain }: Options) {
  /** The stored form of a domain and what it is. Throws `invalid_input`. */
  function accept(text: string): { domain: string; kind: 'alias' | 'custom' } {
    const domain = normaliseDomain(text);
    if (!domain) throw fieldError('domain', 'domain_format');
    if (domain === baseDomain) throw fieldError('domain', 'domain_reserved');
    if (!domain.endsWith(`.${baseDomain}`)) return { domain, kind: 'custom' };
    const label = domain.slice(0, -baseDomain.length - 1);
    const problem = subdomainProblem(label);
    if (problem) throw fieldError('domain', problem.code, problem.values);
    return { domain, kind: 'alias' };
  }

  /** Every process must read the school again, and the host, whose absence may be remembered. */
  async function announce(
    trx: CentralTrx,
    tenantId: string,
    host: string,
    afterCommit: (effect: () => void) => void,
  ): Promise<void> {
    await touchVersion(trx, tenantId);
    await publishChange(trx, { kind: 'tenant', id: tenantId });
    await publishChange(trx, { kind: 'host', id: host });
    afterCommit(() => {
      directory.forgetTenant(tenantId);
      directory.forgetHost(host);
    });
  }

  async function find(trx: CentralTrx, tenantId: string, id: string): Promise<Domain> {
    const domain = await findDomain(trx, tenantId, id);
    if (!domain) throw new AppError('not_found');
    return domain;
  }

  return {
    list: (tenantId: string): Promise<Domain[]> =>
      tenancy.central(
        async ({ trx }) => {
          const domains = await domainsOf(trx, [tenantId]);
          // A school always has an address: none means no school.
          if (domains.length === 0) throw new AppError('not_found');
          return domains;
        },
        { readOnly: true },
      ),

    async add(
      origin: Origin,
      tenantId: string,
      input: { domain: string; is_primary?: boolean; vouched?: boolean },
    ): Promise<Domain> {
      const { domain, kind } = accept(input.domain);
      const active = kind === 'alias' || input.vouched === true;
      if (input.is_primary && !active) throw new AppError('domain_not_active', { details: { domain } });
      try {
        return await tenancy.central(async ({ trx, afterCommit }) => {
          const tenant = await lockTenant(trx, tenantId);
          if (tenant.status === 'archived')
            throw new AppError('illegal_transition', { details: { from: 'archived', to: 'add_domain' } });
          const added = await insertDomain(trx, {
            id: uuidv7(),
            tenant_id: tenantId,
            domain,
            kind,
            is_primary: false,
            status: active ? 'active' : 'pending',
            challenge_token: active ? null : `preau-${randomBytes(20).toString('hex')}`,
          });
          if (input.is_primary) await setPrimary(trx, tenantId, added.id);
          const result = input.is_primary ? await find(trx, tenantId, added.id) : added;
          await auditCentral(trx, origin, tenantId, {
            action: 'domain.add',
            target: { type: 'domain', id: added.id },
            after: {
              domain,
              status: result.status,
              is_primary: result.is_primary,
              vouched: input.vouched === true,
            },
          });
          await announce(trx, tenantId, domain, afterCommit);
          return result;
        });
      } catch (error) {
        if (violatesUnique(error, 'domains_domain_key'))
          throw new AppError('domain_taken', { details: { domain }, cause: error });
        throw error;
      }
    },

    makePrimary: (origin: Origin, tenantId: string, id: string): Promise<Domain> =>
      tenancy.central(async ({ trx, afterCommit }) => {
        await lockTenant(trx, tenantId);
        const domain = await find(trx, tenantId, id);
        if (domain.status !== 'active')
          throw new AppError('domain_not_active', { details: { domain: domain.domain } });
        await setPrimary(trx, tenantId, id);
        await auditCentral(trx, origin, tenantId, {
          action: 'domain.make_primary',
          target: { type: 'domain', id },
          after: { domain: domain.domain },
        });
        await announce(trx, tenantId, domain.domain, afterCommit);
        return find(trx, tenantId, id);
      }),

    remove: (origin: Origin, tenantId: string, id: string): Promise<void> =>
      tenancy.central(async ({ trx, afterCommit }) => {
        await lockTenant(trx, tenantId);
        const domain = await find(trx, tenantId, id);
        if (domain.kind === 'subdomain')
          throw new AppError('domain_is_subdomain', { details: { domain: domain.domain } });
        if (domain.is_primary)
          throw new AppError('domain_is_primary', { details: { domain: domain.domain } });
        await deleteDomain(trx, id);
        await auditCentral(trx, origin, tenantId, {
          action: 'domain.remove',
          target: { type: 'domain', id },
          before: { domain: domain.domain },
        });
        await announce(trx, tenantId, domain.domain, afterCommit);
      }),
  };
}
