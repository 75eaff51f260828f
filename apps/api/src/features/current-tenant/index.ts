export { createTenantDirectory, HOST_ROW_SHAPE, type TenantDirectory } from './tenant-directory.ts';
export { PLATFORM_COLOURS } from './tenant-snapshot.ts';
export {
  effectiveModules,
  PLATFORM_THEME,
  type ServedTheme,
  type SnapshotRow,
  type TenantSnapshot,
} from './tenant-snapshot.ts';
