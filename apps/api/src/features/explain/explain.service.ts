import type { RouteContract } from '@preau/contracts/define-route';
import { ERRORS } from '@preau/contracts/error-codes';
import type { Explanation } from '@preau/contracts/explain';
import { normaliseHost, type Tenancy } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import type { TenantDirectory } from '../current-tenant/index.ts';
import { urlOf, type PublicBase } from '../tenants/index.ts';
import { findPerson, findRegistered, findSchool, type ExplainedDomain } from './explain.read-model.ts';
import {
  hostInvalid,
  hostOfPlatform,
  routeOf,
  sayDomain,
  sayModule,
  sayPlan,
  sayRedirect,
  sayRoute,
  sayStatus,
  sayUser,
  type Said,
} from './rules.ts';

export type ExplainService = ReturnType<typeof createExplainService>;

export interface Question {
  /** Null: whichever school the host leads to. */
  tenantId: string | null;
  host?: string | undefined;
  user?: string | undefined;
  module?: string | undefined;
  path?: string | undefined;
}

/** The answer without its sentences. */
export interface Explained {
  outcome: Explanation['outcome'];
  steps: Said[];
  versions: Explanation['versions'];
}

interface Options {
  tenancy: Tenancy;
  directory: TenantDirectory;
  base: PublicBase;
  /** Every route of the product; asked for when it is needed. */
  contracts: () => readonly RouteContract[];
}

/** Says which rule decides a request, asking them in the order a request meets them. Changes nothing, and fills no cache. */
export function createExplainService({ tenancy, directory, base, contracts }: Options) {
  const platformHosts = new Set([base.domain, `www.${base.domain}`, `console.${base.domain}`]);

  /** Which cache would answer, and whether the memory says what the database does. */
  async function sayCache(host: string, domain: ExplainedDomain | null): Promise<Said> {
    const layer = await directory.layerOf(host);
    const held = layer === 'memory' ? directory.peek(host) : undefined;
    const answers = domain && domain.status !== 'pending' && !domain.expired ? domain : null;
    const stale =
      held !== undefined &&
      (held?.id !== answers?.tenant_id || (held && held.primaryDomain !== answers?.primary_domain));
    return {
      rule: 'cache',
      verdict: 'tells',
      code: stale ? 'cache_stale' : `cache_${layer}`,
      facts: { layer, stale: stale === true, cached: held === undefined ? null : (held?.id ?? 'unknown') },
    };
  }

  async function ask({ tenantId, user, module, path, ...asked }: Question): Promise<Explained> {
    const found = await tenancy.central(
      async ({ trx }) => {
        const named = tenantId === null ? null : await findSchool(trx, tenantId);
        if (tenantId !== null && !named) throw new AppError('not_found');
        const text = asked.host ?? named?.primary_domain ?? base.domain;
        const host = normaliseHost(text);
        const domain = host === null ? null : await findRegistered(trx, host);
        const school = named ?? (domain ? await findSchool(trx, domain.tenant_id) : null);
        const person = user === undefined ? null : await findPerson(trx, user, school?.id ?? null);
        return { text, host, domain, school, person };
      },
      { readOnly: true },
    );
    const { text, host, domain, school, person } = found;
    const steps: Said[] = [];
    const atPlatform = host !== null && platformHosts.has(host);
    if (host === null) steps.push(hostInvalid(text.slice(0, 100)));
    else if (atPlatform) steps.push(hostOfPlatform(host));
    else {
      steps.push(sayDomain(domain, school, host), await sayCache(host, domain));
      if (domain?.redirects && !domain.is_primary && steps[0]?.verdict === 'passes')
        steps.push(sayRedirect(urlOf(base, domain.primary_domain)));
    }
    if (school && !atPlatform) steps.push(sayStatus(school), sayPlan(school));
    const route = path === undefined ? null : routeOf(contracts(), path);
    if (path !== undefined) {
      const said = sayRoute(route, path, !atPlatform);
      steps.push(said);
      // A public route of a school that also answers while the school is closed.
      const status = steps.find(({ rule }) => rule === 'status');
      if (route?.whenClosed && status) status.verdict = 'tells';
    }
    if (user !== undefined) steps.push(sayUser(person, user, route, !atPlatform));
    const key = module ?? route?.module;
    if (school && key !== undefined) steps.push(sayModule(key, school));

    const decisive = steps.find(({ verdict }) => verdict === 'refuses');
    const code = decisive?.refusal ?? null;
    return {
      outcome: { status: code ? ERRORS[code].status : 200, code, decided_by: decisive?.rule ?? null },
      steps,
      versions: {
        tenant: school?.version ?? null,
        theme: (host !== null && directory.peek(host)?.theme.value.version) || null,
        schema: school?.schema_version ?? null,
      },
    };
  }
  return { ask };
}
