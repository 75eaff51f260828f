import { randomBytes } from 'node:crypto';
import { normaliseDomain, type CentralTrx, type Tenancy } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError, fieldError } from '../../platform/app-error.ts';
import { violatesUnique } from '../../platform/database-errors.ts';
import { auditCentral, type Origin } from '../audit/index.ts';
import type { TenantDirectory } from '../current-tenant/index.ts';
import { lockTenant } from '../tenants/index.ts';
import { announceDomain } from './announce-domain.ts';
import {
  deleteDomain,
  domainsOf,
  findDomain,
  insertDomain,
  patchDomain,
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
        return await tenancy.central(async (scope) => {
          const { trx } = scope;
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
            // Kept for one that is vouched for too: it may be proved later.
            challenge_token: kind === 'custom' ? `preau-${randomBytes(20).toString('hex')}` : null,
            vouched: kind === 'custom' && active,
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
          await announceDomain(directory, scope, tenantId, domain);
          return result;
        });
      } catch (error) {
        if (violatesUnique(error, 'domains_domain_key'))
          throw new AppError('domain_taken', { details: { domain }, cause: error });
        throw error;
      }
    },

    makePrimary: (origin: Origin, tenantId: string, id: string): Promise<Domain> =>
      tenancy.central(async (scope) => {
        const { trx } = scope;
        await lockTenant(trx, tenantId);
        const domain = await find(trx, tenantId, id);
        if (domain.kind === 'former')
          throw new AppError('domain_is_former', { details: { domain: domain.domain } });
        if (domain.status === 'pending')
          throw new AppError('domain_not_active', { details: { domain: domain.domain } });
        await setPrimary(trx, tenantId, id);
        // The main address is where others redirect to.
        await patchDomain(trx, id, { redirects: false });
        await auditCentral(trx, origin, tenantId, {
          action: 'domain.make_primary',
          target: { type: 'domain', id },
          after: { domain: domain.domain },
        });
        await announceDomain(directory, scope, tenantId, domain.domain);
        return find(trx, tenantId, id);
      }),

    /** Lets an address redirect to the main one, or answer itself. */
    setRedirects: (origin: Origin, tenantId: string, id: string, redirects: boolean): Promise<Domain> =>
      tenancy.central(async (scope) => {
        const { trx } = scope;
        await lockTenant(trx, tenantId);
        const domain = await find(trx, tenantId, id);
        if (domain.is_primary && redirects)
          throw new AppError('domain_is_primary', { details: { domain: domain.domain } });
        if (domain.kind === 'former' && !redirects)
          throw new AppError('domain_is_former', { details: { domain: domain.domain } });
        if (domain.redirects === redirects) return domain;
        await patchDomain(trx, id, { redirects });
        await auditCentral(trx, origin, tenantId, {
          action: 'domain.redirect',
          target: { type: 'domain', id },
          before: { domain: domain.domain, redirects: domain.redirects },
          after: { domain: domain.domain, redirects },
        });
        await announceDomain(directory, scope, tenantId, domain.domain);
        return find(trx, tenantId, id);
      }),

    /** Answers for the ownership of a school's own domain. */
    vouch: (origin: Origin, tenantId: string, id: string): Promise<Domain> =>
      tenancy.central(async (scope) => {
        const { trx } = scope;
        await lockTenant(trx, tenantId);
        const domain = await find(trx, tenantId, id);
        if (domain.kind !== 'custom' || domain.vouched) return domain;
        const status = domain.status === 'pending' ? 'active' : domain.status;
        await patchDomain(trx, id, { vouched: true, status });
        await auditCentral(trx, origin, tenantId, {
          action: 'domain.vouch',
          target: { type: 'domain', id },
          before: { domain: domain.domain, status: domain.status },
          after: { domain: domain.domain, status, vouched: true },
        });
        await announceDomain(directory, scope, tenantId, domain.domain);
        return find(trx, tenantId, id);
      }),

    remove: (origin: Origin, tenantId: string, id: string): Promise<void> =>
      tenancy.central(async (scope) => {
        const { trx } = scope;
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
        await announceDomain(directory, scope, tenantId, domain.domain);
      }),
  };
}
