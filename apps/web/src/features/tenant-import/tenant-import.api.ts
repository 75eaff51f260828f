import type { Job } from '@preau/contracts/jobs';
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

/** Tells each change of a job until it has ended; the browser connects again by itself. Answers what stops it. */
export function followJob(id: string, onChange: (job: Job) => void): () => void {
  const source = new EventSource(`/api/v1/jobs/${id}/events/`);
  source.addEventListener('job', (event) => {
    const job = JSON.parse((event as MessageEvent<string>).data) as Job;
    onChange(job);
    if (job.status !== 'queued' && job.status !== 'running') source.close();
  });
  return () => source.close();
}
