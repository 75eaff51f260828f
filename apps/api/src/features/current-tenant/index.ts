export { createTenantDirectory, type TenantDirectory } from './tenant-directory.ts';
export { PLATFORM_COLOURS } from './tenant-snapshot.ts';
export {
  effectiveModules,
  PLATFORM_THEME,
  type ServedTheme,
  type TenantSnapshot,
} from './tenant-snapshot.ts';
