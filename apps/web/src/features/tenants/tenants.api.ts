import type * as lifecycle from '@preau/contracts/tenant-lifecycle';
import type * as settingsOf from '@preau/contracts/tenant-settings';
import type { tenantStats as tenantStatsRoute } from '@preau/contracts/tenant-stats';
import type * as contracts from '@preau/contracts/tenants';
import { call, tagOf } from '../../shared/http.ts';

type Versioned = Pick<contracts.Tenant, 'id' | 'version'>;

export const listTenants = (query: contracts.TenantQuery) =>
  call<typeof contracts.listTenants>('GET', '/tenants/', { query });

/** The first few that a search finds. */
export const findTenants = (search: string) => listTenants({ search, page_size: 6 });

export const getTenant = (id: string) =>
  call<typeof contracts.getTenant>('GET', '/tenants/:id/', { params: { id } });

export const checkSubdomain = (subdomain: string) =>
  call<typeof contracts.checkSubdomain>('GET', '/tenants/check_subdomain/', { query: { subdomain } });

/** `key` makes a repeated submission of the same form one creation. */
export const createTenant = (body: contracts.TenantCreate, key: string) =>
  call<typeof contracts.createTenant>('POST', '/tenants/', { body, headers: { 'idempotency-key': key } });

// From here on each change says from which version it was made: 412 rather than overwriting another's.

export const updateTenant = (tenant: Versioned, body: contracts.TenantPatch) =>
  call<typeof contracts.updateTenant>('PATCH', '/tenants/:id/', {
    params: { id: tenant.id },
    body,
    ifMatch: tagOf(tenant),
  });

export const provisionTenant = (id: string) =>
  call<typeof lifecycle.provisionTenant>('POST', '/tenants/:id/provision/', { params: { id } });

export const activateTenant = (tenant: Versioned) =>
  call<typeof lifecycle.activateTenant>('POST', '/tenants/:id/activate/', {
    params: { id: tenant.id },
    ifMatch: tagOf(tenant),
  });

export const deactivateTenant = (tenant: Versioned, reason: string | null) =>
  call<typeof lifecycle.deactivateTenant>('POST', '/tenants/:id/deactivate/', {
    params: { id: tenant.id },
    body: { reason },
    ifMatch: tagOf(tenant),
  });

export const archiveTenant = (tenant: Versioned) =>
  call<typeof contracts.deleteTenant>('DELETE', '/tenants/:id/', {
    params: { id: tenant.id },
    ifMatch: tagOf(tenant),
  });

export const restoreTenant = (tenant: Versioned) =>
  call<typeof lifecycle.restoreTenant>('POST', '/tenants/:id/restore/', {
    params: { id: tenant.id },
    ifMatch: tagOf(tenant),
  });

export const purgeTenant = (tenant: Versioned & Pick<contracts.Tenant, 'subdomain'>) =>
  call<typeof contracts.deleteTenant>('DELETE', '/tenants/:id/', {
    params: { id: tenant.id },
    query: { purge: true },
    headers: { 'x-confirm': tenant.subdomain },
    ifMatch: tagOf(tenant),
  });

export const inviteFirstAdmin = (id: string) =>
  call<typeof lifecycle.inviteFirstAdmin>('POST', '/tenants/:id/invite_admin/', { params: { id }, body: {} });

export const getStats = (id: string) =>
  call<typeof tenantStatsRoute>('GET', '/tenants/:id/stats/', { params: { id } });

/** No version here: only the keys named change, so that nothing of another's is overwritten. */
export const updateModules = (id: string, modules: Record<string, boolean>) =>
  call<typeof contracts.updateModules>('POST', '/tenants/:id/update_modules/', {
    params: { id },
    body: { modules_enabled: modules },
  });

export const updateSettings = (tenant: Versioned, settings: Partial<settingsOf.TenantSettings>) =>
  call<typeof settingsOf.updateSettings>('PATCH', '/tenants/:id/settings/', {
    params: { id: tenant.id },
    body: settings,
    ifMatch: tagOf(tenant),
  });
