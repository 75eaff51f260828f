import { defaultModules } from '@preau/contracts/module-rules';
import { MODULES } from '@preau/contracts/modules';
import { PERMISSIONS } from '@preau/contracts/permissions';
import type { RouteContract } from '@preau/contracts/define-route';
import type { Explanation, ExplanationCode } from '@preau/contracts/explain';
import type { ErrorCode } from '@preau/contracts/error-codes';
import type { ExplainedDomain, ExplainedPerson, ExplainedSchool } from './explain.read-model.ts';

type Step = Explanation['steps'][number];

/** What one rule says, without its sentence. `refusal`: the code a request is answered with when the rule refuses. */
export interface Said extends Omit<Step, 'message'> {
  refusal?: ErrorCode;
}

const say = (
  rule: Step['rule'],
  verdict: Step['verdict'],
  code: ExplanationCode,
  facts: Step['facts'] = {},
  refusal?: ErrorCode,
): Said => ({ rule, verdict, code, facts, ...(refusal ? { refusal } : {}) });

export const hostInvalid = (host: string): Said =>
  say('host', 'refuses', 'host_invalid', { host }, 'misdirected_host');
export const hostOfPlatform = (host: string): Said => say('host', 'passes', 'host_platform', { host });

export function sayDomain(domain: ExplainedDomain | null, asked: ExplainedSchool | null, host: string): Said {
  if (!domain) return say('domain', 'refuses', 'domain_unknown', { domain: host }, 'tenant_not_found');
  const { id, kind, status, is_primary, redirects } = domain;
  const facts = {
    domain: domain.domain,
    id,
    kind,
    status,
    is_primary,
    redirects,
    tenant_id: domain.tenant_id,
  };
  if (status === 'pending') return say('domain', 'refuses', 'domain_pending', facts, 'tenant_not_found');
  if (domain.expired) return say('domain', 'refuses', 'domain_expired', facts, 'tenant_not_found');
  if (asked && asked.id !== domain.tenant_id) return say('domain', 'tells', 'domain_of_another', facts);
  return say('domain', 'passes', 'domain_found', { ...facts, school: asked?.name ?? '' });
}

export const sayRedirect = (location: string): Said =>
  say('redirect', 'refuses', 'redirects', { location }, 'domain_moved');

export function sayStatus({ status, inactive_since, inactive_reason }: ExplainedSchool): Said {
  if (status === 'active') return say('status', 'passes', 'status_open', { status });
  if (status === 'inactive' || status === 'archived')
    return say(
      'status',
      'refuses',
      'status_closed',
      { status, since: inactive_since?.toISOString() ?? null, reason: inactive_reason },
      'tenant_inactive',
    );
  return say('status', 'refuses', 'status_not_ready', { status }, 'tenant_not_ready');
}

export function sayPlan({ paid_until: until, overdue }: ExplainedSchool): Said {
  if (until === null) return say('plan', 'tells', 'plan_open', { until });
  return say('plan', 'tells', overdue ? 'plan_overdue' : 'plan_paid', { until, overdue });
}

/** Whether a module is on, and whether that is its default or somebody's will. */
export function sayModule(key: string, { modules_enabled, school_type }: ExplainedSchool): Said {
  if (!Object.hasOwn(MODULES, key)) return say('module', 'tells', 'module_unknown', { module: key });
  const on = modules_enabled[key] === true;
  const byDefault = defaultModules(MODULES, school_type)[key] === true;
  const code: ExplanationCode =
    on === byDefault ? (on ? 'module_on' : 'module_off') : on ? 'module_switched_on' : 'module_switched_off';
  return say(
    'module',
    on ? 'passes' : 'refuses',
    code,
    { module: key, on, default: byDefault, override: on !== byDefault },
    on ? undefined : 'module_disabled',
  );
}

const segments = (path: string): string[] => path.split('/').filter(Boolean);

/** The route of a path below /api/v1; one that reads is preferred. */
export function routeOf(contracts: readonly RouteContract[], path: string): RouteContract | null {
  const asked = segments(path.replace(/[?#].*$/, '').replace(/^\/api\/v1(?=\/|$)/, ''));
  const fits = contracts.filter((contract) => {
    const own = segments(contract.path);
    return own.length === asked.length && own.every((part, at) => part.startsWith(':') || part === asked[at]);
  });
  // A path in words wins over one with a parameter, as for the router.
  const plain = fits.filter(({ path: own }) => !own.includes(':'));
  const best = plain.length > 0 ? plain : fits;
  return best.find(({ method }) => method === 'GET') ?? best[0] ?? null;
}

export function sayRoute(route: RouteContract | null, path: string, atSchool: boolean): Said {
  if (!route) return say('route', 'refuses', 'route_unknown', { path }, 'not_found');
  const { method, zone, permission, name } = route;
  const facts = { path: route.path, method, zone, permission, name, module: route.module ?? null };
  if (zone !== 'public' && (zone === 'tenant') !== atSchool)
    return say('route', 'refuses', 'route_elsewhere', facts, 'not_found');
  return say('route', 'passes', 'route_found', facts);
}

export function sayUser(
  person: ExplainedPerson | null,
  name: string,
  route: RouteContract | null,
  atSchool: boolean,
): Said {
  if (!person) return say('user', 'refuses', 'user_unknown', { user: name }, 'not_authenticated');
  const role = atSchool ? person.role : person.is_superadmin ? 'superadmin' : null;
  const facts = { user: person.email, id: person.id, role };
  const permission = route?.permission;
  // Whoever may do what anybody may needs no membership.
  if (permission === 'anyone') return say('user', 'passes', 'user_may', facts);
  if (role === null) return say('user', 'refuses', 'user_stranger', facts, 'not_authenticated');
  if (permission === undefined) return say('user', 'tells', 'user_known', facts);
  const may =
    permission === 'authenticated' || (PERMISSIONS[permission].roles as readonly string[]).includes(role);
  return say(
    'user',
    may ? 'passes' : 'refuses',
    may ? 'user_may' : 'user_may_not',
    { ...facts, permission },
    may ? undefined : 'permission_denied',
  );
}
