import { LANGUAGES } from '@preau/contracts/vocabulary';
import { Type } from 'typebox';
import { defineJob } from '../jobs/index.ts';

const ImportPayload = Type.Object(
  {
    file: Type.String({ maxLength: 60 }),
    file_name: Type.String({ maxLength: 255 }),
    provision: Type.Boolean(),
    language: Type.Enum([...LANGUAGES]),
  },
  { additionalProperties: false },
);

export const IMPORT_JOB = 'tenants.import';

/** Lines kept with the job: what was as it should be already is only counted. */
const KEPT = 1_000;

/** Enters the schools of a kept file. Begun again after a kill it finds the first ones unchanged, and goes on. */
export const importJob = defineJob({
  kind: IMPORT_JOB,
  payload: ImportPayload,
  maxAttempts: 3,
  async handler(run, { tenantImport, importFiles }) {
    const { file, file_name: fileName, provision, language } = run.payload;
    const report = await tenantImport.run(
      { path: importFiles.path(file), fileName, provision, language },
      run.origin,
      { signal: run.signal, onLine: (done, total) => run.progress({ done, total, unit: 'schools' }) },
    );
    await importFiles.remove(file);
    return { ...report, lines: report.lines.filter(({ action }) => action !== 'unchanged').slice(0, KEPT) };
  },
  onFailure: ({ payload: { file } }, { importFiles }) => importFiles.remove(file),
});
