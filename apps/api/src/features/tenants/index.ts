export { createLastAccess, type LastAccess } from './last-access.ts';
export { createLifecycleService, type LifecycleService } from './lifecycle.service.ts';
export {
  createProvisioningService,
  type Provisioned,
  type ProvisioningService,
} from './provisioning.service.ts';
export { createTenantBulk, type TenantBulkService } from './tenant-bulk.service.ts';
export { createTenantService, type TenantService } from './tenant.service.ts';
export {
  deleteTenant,
  findNetwork,
  insertTenant,
  lockTenant,
  patchTenant,
  searchText,
  tenantExists,
  touchVersion,
} from './tenant.repository.ts';
export { enterNetwork, firstNetworkId, leaveNetwork } from './network-membership.ts';
export { findTenantId, getTenantDetail, type TenantDetail } from './tenant.read-model.ts';
export { presentInvited, presentTenant, urlOf, type PublicBase } from './tenant.presenter.ts';
export { provisioningSteps, type ProvisioningStep } from './provisioning-steps.ts';
export type { SchoolSeed, SeedStatement } from './school-seed.ts';
export { knownTenants, type KnownTenants } from './known-tenants.read-model.ts';
export type { Tenant } from './tenant.model.ts';
export { subdomainAvailability } from './subdomain.read-model.ts';
export { moduleIsOn } from './module-state.read-model.ts';
export { PROVISION } from './job-kinds.ts';
export { strayRows } from './traces.read-model.ts';
