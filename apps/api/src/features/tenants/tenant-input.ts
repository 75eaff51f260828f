import { defaultModules, moduleConflicts, unknownModules } from '@preau/contracts/module-rules';
import { MODULES, type ModulesEnabled } from '@preau/contracts/modules';
import type { TenantPatch, TenantReplace } from '@preau/contracts/tenants';
import {
  DEFAULT_MAX_STORAGE_GB,
  DEFAULT_MAX_STUDENTS,
  DEFAULT_PRIMARY_COLOR,
  DEFAULT_SECONDARY_COLOR,
  type SchoolType,
} from '@preau/contracts/vocabulary';
import type { CentralTrx } from '@preau/tenancy';
import { AppError, fieldError, type FieldProblem } from '../../platform/app-error.ts';
import { subdomainProblem } from '../domains/index.ts';
import type { Tenant } from './tenant.model.ts';
import { findNetwork, hasSchools } from './tenant.repository.ts';

/** Refuses modules that do not exist and combinations that cannot work. */
export function checkModules(current: ModulesEnabled, changes: ModulesEnabled): void {
  const unknown = unknownModules(MODULES, changes);
  if (unknown.length > 0) {
    throw new AppError('unknown_module', {
      details: { modules: unknown },
      errors: unknown.map((value): FieldProblem => ({
        path: `modules_enabled.${value}`,
        code: 'unknown_module',
        values: { value },
      })),
    });
  }
  const conflicts = moduleConflicts(MODULES, current, changes);
  if (conflicts.length > 0) {
    throw new AppError('module_dependency', {
      details: { blockers: [...new Set(conflicts.flatMap(({ blockers }) => blockers))] },
      extensions: { conflicts },
    });
  }
}

/** The subdomain in the form that is stored. */
export function acceptSubdomain(text: string): string {
  const problem = subdomainProblem(text);
  if (problem) throw fieldError('subdomain', problem.code, problem.values);
  return text.toLowerCase();
}

export function modulesFor(schoolType: SchoolType, changes: ModulesEnabled = {}): ModulesEnabled {
  const defaults = defaultModules(MODULES, schoolType);
  checkModules(defaults, changes);
  return { ...defaults, ...changes };
}

/** Id of the network a body names; undefined when it names none, null when it takes the school out of its network. */
async function networkId(
  trx: CentralTrx,
  name: string | null | undefined,
  ownId: string | null,
): Promise<string | null | undefined> {
  if (name === undefined || name === null) return name;
  const network = await findNetwork(trx, name);
  if (!network || network.id === ownId) throw fieldError('network', 'unknown_network');
  return network.id;
}

/** The columns that a body names, cleaned. A field that is absent stays as it is. */
export async function toColumns(
  trx: CentralTrx,
  body: TenantPatch,
  current: Tenant | null,
): Promise<Partial<Tenant>> {
  const network_id = await networkId(trx, body.network, current?.id ?? null);
  const schoolType = body.school_type ?? current?.school_type ?? 'ecole';
  // Networks do not nest, and one that has schools stays one.
  if (schoolType === 'network' && network_id) throw fieldError('network', 'unknown_network');
  if (current?.school_type === 'network' && schoolType !== 'network' && (await hasSchools(trx, current.id)))
    throw new AppError('last_network');
  const changes: { [K in keyof Tenant]?: Tenant[K] | undefined } = {
    subdomain: body.subdomain === undefined ? undefined : acceptSubdomain(body.subdomain),
    name: body.school_name?.trim(),
    school_type: body.school_type,
    email: body.email?.trim(),
    phone: body.phone?.trim(),
    address: body.address?.trim(),
    postal_code: body.postal_code?.trim(),
    city: body.city?.trim(),
    website: body.website,
    uai: body.uai?.toUpperCase() ?? body.uai,
    primary_color: body.primary_color?.toUpperCase(),
    secondary_color: body.secondary_color?.toUpperCase(),
    max_students: body.max_students,
    max_storage_gb: body.max_storage_gb,
    paid_until: body.paid_until,
    network_id,
  };
  if (current === null) changes.modules_enabled = modulesFor(schoolType, body.modules_enabled);
  else if (body.modules_enabled) {
    checkModules(current.modules_enabled, body.modules_enabled);
    changes.modules_enabled = { ...current.modules_enabled, ...body.modules_enabled };
  }
  return Object.fromEntries(
    Object.entries(changes).filter(([, value]) => value !== undefined),
  ) as Partial<Tenant>;
}

/** What fields left out of a whole description become. */
export const withDefaults = (body: TenantReplace): TenantReplace => ({
  website: null,
  uai: null,
  primary_color: DEFAULT_PRIMARY_COLOR,
  secondary_color: DEFAULT_SECONDARY_COLOR,
  max_students: DEFAULT_MAX_STUDENTS,
  max_storage_gb: DEFAULT_MAX_STORAGE_GB,
  network: null,
  paid_until: null,
  ...body,
});
