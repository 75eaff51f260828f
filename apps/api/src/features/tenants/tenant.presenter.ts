import { BYTES_PER_GB } from '@preau/contracts/units';
import type { FirstAdmin, ProvisionedTenant, Tenant as TenantView } from '@preau/contracts/tenants';
import { effectiveModules } from '../current-tenant/index.ts';
import { presentDomain } from '../domains/index.ts';
import type { MadeInvitation } from '../members/index.ts';
import type { TenantDetail } from './tenant.read-model.ts';

/** Scheme, domain and port that people reach the installation by. */
export interface PublicBase {
  scheme: string;
  domain: string;
  port: number | null;
}

export const toGigabytes = (bytes: number): number => Math.round((bytes / BYTES_PER_GB) * 1_000) / 1_000;
const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

export const urlOf = (base: PublicBase, host: string): string =>
  `${base.scheme}://${host}${base.port ? `:${base.port}` : ''}`;

export function presentTenant(
  { tenant, domains, network, studentCount, storageBytes }: TenantDetail,
  base: PublicBase,
): TenantView {
  const primary =
    domains.find(({ is_primary }) => is_primary)?.domain ?? `${tenant.subdomain}.${base.domain}`;
  return {
    id: tenant.id,
    schema_name: tenant.schema_name,
    subdomain: tenant.subdomain,
    domain_url: urlOf(base, primary),
    status: tenant.status,
    is_active: tenant.status === 'active',
    school: {
      name: tenant.name,
      school_type: tenant.school_type,
      email: tenant.email,
      phone: tenant.phone,
      address: tenant.address,
      postal_code: tenant.postal_code,
      city: tenant.city,
      website: tenant.website,
      uai: tenant.uai,
    },
    network,
    primary_color: tenant.primary_color,
    secondary_color: tenant.secondary_color,
    logo_url: tenant.logo_url,
    favicon_url: tenant.favicon_url,
    max_students: tenant.max_students,
    max_storage_gb: tenant.max_storage_gb,
    modules_enabled: effectiveModules(tenant.modules_enabled),
    paid_until: tenant.paid_until,
    created_on: tenant.created_on.toISOString(),
    provisioned_at: iso(tenant.provisioned_at),
    last_accessed_at: iso(tenant.last_accessed_at),
    purge_at: iso(tenant.purge_at),
    inactive_since: iso(tenant.inactive_since),
    inactive_reason: tenant.inactive_reason,
    failure: tenant.failure,
    domains: domains.map(presentDomain),
    settings: tenant.settings,
    storage_usage_gb: toGigabytes(storageBytes),
    student_count: studentCount,
    version: tenant.version,
  };
}

export const presentFirstAdmin = (invitation: MadeInvitation, tenant: TenantView): FirstAdmin => ({
  email: invitation.email,
  invitation_url: `${tenant.domain_url}/invitation/${invitation.token}`,
  expires_at: invitation.expiresAt.toISOString(),
});

/** How the first administrator of a school just made gets in. */
export const presentInvited = (
  detail: TenantDetail,
  invitation: MadeInvitation,
  base: PublicBase,
): FirstAdmin => presentFirstAdmin(invitation, presentTenant(detail, base));

export function presentProvisioned(
  detail: TenantDetail,
  invitation: MadeInvitation | null,
  base: PublicBase,
): ProvisionedTenant {
  const view = presentTenant(detail, base);
  return invitation ? { ...view, first_admin: presentFirstAdmin(invitation, view) } : view;
}
