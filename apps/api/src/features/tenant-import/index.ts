export { createImportFiles, type ImportFiles } from './import-files.ts';
export { createTenantImport, type TenantImport } from './tenant-import.service.ts';
