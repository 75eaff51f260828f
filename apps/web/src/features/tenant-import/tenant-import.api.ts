import type { ImportReport, importTenants } from '@preau/contracts/tenant-import';
import { call } from '../../shared/http.ts';

const send = (file: File, query: { dry_run: boolean; provision: boolean }) =>
  call<typeof importTenants>('POST', '/tenants/import/', { file, query });

/** What would happen; nothing is changed. */
export async function previewImport(file: File, provision: boolean): Promise<ImportReport> {
  return (await send(file, { dry_run: true, provision })) as ImportReport;
}

/** Begins the import. Answers the id of its job. */
export async function startImport(file: File, provision: boolean): Promise<string> {
  return ((await send(file, { dry_run: false, provision })) as { job_id: string }).job_id;
}
