import { DEFAULT_SETTINGS } from '@preau/contracts/tenant-settings';
import { DEFAULT_MAX_STORAGE_GB, DEFAULT_MAX_STUDENTS } from '@preau/contracts/vocabulary';
import { publishChange, type CentralTrx } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError, fieldError } from '../../platform/app-error.ts';
import { violatesUnique } from '../../platform/database-errors.ts';
import { insertDomain, subdomainProblem } from '../domains/index.ts';
import { enterNetwork, findNetwork, insertTenant, searchText, type Tenant } from '../tenants/index.ts';
import type { School } from './bundle-format.ts';

/** What of a school's description an archive says, as the columns have it. */
export const describedBy = (school: School): Partial<Tenant> => ({
  name: school.name,
  school_type: school.school_type,
  email: school.email,
  phone: school.phone,
  address: school.address,
  postal_code: school.postal_code,
  city: school.city,
  website: school.website,
  primary_color: school.primary_color,
  secondary_color: school.secondary_color,
  logo_url: school.logo_url ?? null,
  favicon_url: school.favicon_url ?? null,
  modules_enabled: school.modules_enabled,
  settings: { ...DEFAULT_SETTINGS, ...school.settings },
});

/** A school that is there, as an archive would describe it. */
export const schoolOf = (tenant: Tenant): School => ({
  id: tenant.id,
  subdomain: tenant.subdomain,
  name: tenant.name,
  school_type: tenant.school_type,
  email: tenant.email,
  phone: tenant.phone,
  address: tenant.address,
  postal_code: tenant.postal_code,
  city: tenant.city,
  website: tenant.website,
  uai: tenant.uai,
  primary_color: tenant.primary_color,
  secondary_color: tenant.secondary_color,
  logo_url: tenant.logo_url,
  favicon_url: tenant.favicon_url,
  modules_enabled: tenant.modules_enabled,
  settings: { ...tenant.settings },
  created_on: tenant.created_on.toISOString(),
  max_students: tenant.max_students,
  max_storage_gb: tenant.max_storage_gb,
  network_id: tenant.network_id,
});

export interface Place {
  tenantId: string;
  schemaName: string;
  subdomain: string;
  /** Another school than the one that the archive is of: what only one can have stays with that one. */
  copy: boolean;
  baseDomain: string;
}

/**
 * Enters a school that is to be filled from an archive: its address is taken from now on, and it stays `provisioning` until it
 * is whole. Throws `subdomain_taken`, `uai_taken`, `invalid_input`.
 */
export async function enterSchool(trx: CentralTrx, school: School, place: Place): Promise<Tenant> {
  const subdomain = place.subdomain.toLowerCase();
  const problem = subdomainProblem(subdomain);
  if (problem) throw fieldError('subdomain', problem.code, problem.values);
  const described = describedBy(school);
  const network =
    school.network_id && school.school_type !== 'network'
      ? await findNetwork(trx, school.network_id)
      : undefined;
  try {
    const tenant = await insertTenant(trx, {
      ...described,
      id: place.tenantId,
      schema_name: place.schemaName,
      subdomain,
      status: 'provisioning',
      uai: place.copy ? null : school.uai,
      max_students: school.max_students ?? DEFAULT_MAX_STUDENTS,
      max_storage_gb: school.max_storage_gb ?? DEFAULT_MAX_STORAGE_GB,
      network_id: network?.id ?? null,
      paid_until: place.copy ? null : (school.paid_until ?? null),
      search_text: searchText({ ...school, subdomain }),
      // A text: a Date would cut off the microseconds, by which an export tells.
      ...(place.copy ? {} : { created_on: school.created_on as never }),
    });
    const host = `${subdomain}.${place.baseDomain}`;
    await insertDomain(trx, {
      id: uuidv7(),
      tenant_id: tenant.id,
      domain: host,
      kind: 'subdomain',
      is_primary: true,
      status: 'active',
      challenge_token: null,
    });
    await trx.raw('INSERT INTO public.tenant_usage (tenant_id) VALUES (?)', [tenant.id]);
    if (network) await enterNetwork(trx, network.id, tenant.id);
    await publishChange(trx, { kind: 'tenant', id: tenant.id });
    await publishChange(trx, { kind: 'host', id: host });
    return tenant;
  } catch (cause) {
    if (violatesUnique(cause, 'tenants_subdomain_key') || violatesUnique(cause, 'domains_domain_key'))
      throw new AppError('subdomain_taken', { details: { subdomain }, cause });
    if (violatesUnique(cause, 'tenants_uai_key'))
      throw new AppError('uai_taken', { details: { uai: school.uai }, cause });
    throw cause;
  }
}
