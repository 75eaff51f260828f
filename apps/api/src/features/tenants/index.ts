export { createLastAccess, type LastAccess } from './last-access.ts';
export { createLifecycleService, type LifecycleService } from './lifecycle.service.ts';
export { createProvisioningService, type ProvisioningService } from './provisioning.service.ts';
export { createTenantService, type TenantService } from './tenant.service.ts';
export { lockTenant, patchTenant, touchVersion } from './tenant.repository.ts';
export { getTenantDetail, type TenantDetail } from './tenant.read-model.ts';
export { presentTenant, urlOf, type PublicBase } from './tenant.presenter.ts';
export { provisioningSteps, type ProvisioningStep } from './provisioning-steps.ts';
export type { SchoolSeed, SeedStatement } from './school-seed.ts';
