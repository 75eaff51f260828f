export { createBundleCare, type BundleCare } from './bundle-care.service.ts';
export { createBundleMaker, type BundleMaker } from './make-bundle.service.ts';
export { createBundleService, type BundleService } from './bundle.service.ts';
export { createBundleVerifier, type BundleVerifier } from './verify-bundle.service.ts';
export { createRestoreService, type RestoreService } from './restore.service.ts';
export { createOrphanScan, type OrphanScan } from './orphans.service.ts';
