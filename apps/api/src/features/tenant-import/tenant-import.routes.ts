import { importTenants } from '@preau/contracts/tenant-import';
import type { Services } from '../../services.ts';
import { bind, type BoundRoute } from '../define-feature.ts';
import { IMPORT_JOB } from './tenant-import.job.ts';

/** Shown to people: no path, no line break, not longer than a name is. */
const shownName = (name: string): string =>
  (name.split(/[/\\]/).at(-1) ?? '').replace(/\p{C}/gu, '').slice(0, 200);

export const tenantImportRoutes = ({ tenantImport, importFiles, jobs, tenancy }: Services): BoundRoute[] => [
  bind(importTenants, async (call) => {
    const { dry_run: dryRun = false, provision = false } = call.query;
    const upload = await call.upload();
    const file = await importFiles.keep(upload.content);
    const request = {
      path: importFiles.path(file),
      fileName: shownName(upload.name),
      provision,
      language: call.language,
    };
    let kept = false;
    try {
      // A file that cannot be read is refused now and not by a job.
      const report = await tenantImport.preview(request);
      if (dryRun) {
        call.reply.code(200);
        return report;
      }
      const payload = { file, file_name: request.fileName, provision, language: call.language };
      const job_id = await tenancy.central(({ trx }) =>
        jobs.start(trx, call.origin, { kind: IMPORT_JOB, payload }),
      );
      kept = true;
      call.reply.header('location', `/api/v1/jobs/${job_id}/`);
      return { job_id };
    } finally {
      if (!kept) await importFiles.remove(file);
    }
  }),
];
