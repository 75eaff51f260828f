import { STUDENT_IMPORT_MAX_LINES, type StudentImportLineQuery } from '@preau/contracts/student-imports';
import type { Tenancy, TenantRef } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../platform/app-error.ts';
import { readCsvFile } from '../../platform/csv-lines.ts';
import { auditTenant, type Origin } from '../audit/index.ts';
import { SEATS, type QuotaLevels } from '../quotas/index.ts';
import { yearOrCurrent } from './class.service.ts';
import { applyLines } from './apply-lines.ts';
import { columnsOf } from './import-columns.ts';
import { studentOfLine } from './import-line.ts';
import { classKey, planFile } from './import-plan.ts';
import { StudentImport, StudentImportLine } from './import.model.ts';
import {
  getImportRow,
  listImportLines,
  listImportRows,
  rosterOf,
  type ImportRow,
} from './import.read-model.ts';
import { seatsOf } from './seats.repository.ts';

export type StudentImportService = ReturnType<typeof createStudentImportService>;

/** Lines of one transaction: while it lasts, nobody else of the school takes a seat. */
const CHUNK = 100;
/** Days that an import is shown for. */
const KEPT_DAYS = 90;
const target = (id: string) => ({ type: 'student_import', id });
const authorOf = ({ actor }: Origin) => ({
  author_id: actor.type === 'user' ? actor.id : null,
  author_name: actor.type === 'user' ? actor.fullName : actor.label,
});

/** Students from a file: what would happen, line by line, and then just that. Doing it again does nothing more. */
export function createStudentImportService({ tenancy, levels }: { tenancy: Tenancy; levels: QuotaLevels }) {
  const setStatus = (tenant: TenantRef, id: string, status: StudentImport['status']): Promise<void> =>
    tenancy.write(tenant, async ({ trx }) => {
      const ended = status === 'done' || status === 'failed';
      await StudentImport.query(trx)
        .patch({ status, ...(ended ? { finished_at: new Date() } : {}) })
        .where({ id });
      // What the file said of children has served: names and what came of each line are kept.
      if (status === 'done')
        await StudentImportLine.query(trx).patch({ cells: null }).where({ import_id: id });
    });

  return {
    list: (tenant: TenantRef, query: { page?: number; page_size?: number }) =>
      tenancy.read(tenant, ({ trx }) => listImportRows(trx, query)),
    get: (tenant: TenantRef, id: string): Promise<ImportRow> =>
      tenancy.read(tenant, ({ trx }) => getImportRow(trx, id)),
    lines: (tenant: TenantRef, id: string, query: StudentImportLineQuery) =>
      tenancy.read(tenant, async ({ trx }) => {
        await getImportRow(trx, id);
        return listImportLines(trx, id, query);
      }),

    /** Reads a file and says what would happen. Throws for a file that cannot be read at all. */
    async check(
      tenant: TenantRef,
      origin: Origin,
      { path, fileName, yearId }: { path: string; fileName: string; yearId: string | undefined },
    ): Promise<ImportRow> {
      const file = await readCsvFile(path, {
        columnsOf,
        maxLines: STUDENT_IMPORT_MAX_LINES,
        tooLong: () =>
          new AppError('student_import_too_long', { details: { limit: STUDENT_IMPORT_MAX_LINES } }),
      });
      return tenancy.write(tenant, async ({ trx }) => {
        const year = await yearOrCurrent(trx, yearId);
        const read = file.lines.map(({ line, cells, problem }) => {
          const student = studentOfLine(cells);
          return { line, cells, student: problem ? { ...student, problems: [problem] } : student };
        });
        const roster = await rosterOf(
          trx,
          year.id,
          read.map(({ student }) => student),
        );
        const planned = planFile(read, roster, await seatsOf(trx));
        const newClasses = new Map(
          planned
            .filter(({ plan, student }) => plan.action !== 'refused' && student.class !== null)
            .map(({ student }) => [classKey(student.class ?? ''), student.class ?? ''])
            .filter(([key]) => !roster.classes.has(key ?? '')) as [string, string][],
        );
        const id = uuidv7();
        await trx.raw(
          `WITH old AS (DELETE FROM student_import_lines l USING student_imports i
             WHERE l.import_id = i.id AND i.status <> 'running' AND i.created_at < now() - interval '${KEPT_DAYS} days')
           SELECT 1`,
        );
        await trx.raw(
          `DELETE FROM student_imports i WHERE created_at < now() - interval '${KEPT_DAYS} days'
             AND NOT EXISTS (SELECT FROM student_import_lines l WHERE l.import_id = i.id)`,
        );
        await StudentImport.query(trx).insert({
          id,
          file_name: fileName,
          school_year_id: year.id,
          encoding: file.encoding,
          delimiter: file.delimiter,
          ignored_columns: file.ignored.map((name) => name.slice(0, 100)),
          new_classes: [...newClasses.values()].toSorted((a, b) =>
            a.localeCompare(b, 'fr', { numeric: true }),
          ),
          ...authorOf(origin),
        });
        if (planned.length > 0)
          await trx.raw(
            `INSERT INTO student_import_lines (import_id, line, name, cells, planned, changes, student_id, problems)
             SELECT ?::uuid, l.line, l.name, l.cells, l.planned, l.changes, l.student_id, l.problems
             FROM jsonb_to_recordset(?::jsonb) AS l (line int, name text, cells jsonb, planned text, changes text[],
               student_id uuid, problems jsonb)`,
            [
              id,
              JSON.stringify(
                planned.map(({ line, student, plan }, at) => ({
                  line,
                  name: `${student.fields.last_name} ${student.fields.first_name}`.trim().slice(0, 200),
                  cells: read[at]?.cells ?? {},
                  planned: plan.action,
                  changes: plan.changes,
                  student_id: plan.student?.id ?? null,
                  problems: plan.problems,
                })),
              ),
            ],
          );
        await auditTenant(trx, origin, {
          action: 'student_import.check',
          target: target(id),
          after: { lines: planned.length },
        });
        return getImportRow(trx, id);
      });
    },

    /** Whether it waits to be confirmed. Throws `not_found`, `import_not_waiting`. */
    async assertWaiting(tenant: TenantRef, id: string): Promise<void> {
      const { status } = await this.get(tenant, id);
      if (status !== 'checked') throw new AppError('import_not_waiting');
    },

    /**
     * Does what was confirmed, some lines at a time. Begun again after a kill it goes on with the rest. Where it may not go on, it
     * waits to be confirmed anew: the lines that were done stay done.
     */
    async run(
      tenant: TenantRef,
      origin: Origin,
      id: string,
      {
        signal,
        mayGoOn = async () => true,
        onLines,
      }: {
        signal?: AbortSignal;
        mayGoOn?: () => Promise<boolean>;
        onLines?: (done: number, total: number) => void;
      } = {},
    ): Promise<ImportRow['done'] & { stopped?: true }> {
      const { status, planned } = await this.get(tenant, id);
      if (status === 'done') return (await this.get(tenant, id)).done;
      let done = 0;
      for (;;) {
        signal?.throwIfAborted();
        if (!(await mayGoOn())) {
          if (done > 0 || status === 'running') await setStatus(tenant, id, 'checked');
          return { ...(await this.get(tenant, id)).done, stopped: true };
        }
        if (done === 0) await setStatus(tenant, id, 'running');
        const worked = await tenancy.write(tenant, (scope) => applyLines(scope, origin, id, CHUNK));
        if (worked === 0) break;
        done += worked;
        onLines?.(done, planned.lines);
      }
      await setStatus(tenant, id, 'done');
      await levels.tell(SEATS, tenant.id);
      return (await this.get(tenant, id)).done;
    },

    fail: (tenant: TenantRef, id: string): Promise<void> => setStatus(tenant, id, 'failed'),

    /** Forgets an import. Throws `import_running`. */
    remove: (tenant: TenantRef, origin: Origin, id: string): Promise<void> =>
      tenancy.write(tenant, async ({ trx }) => {
        const found = await StudentImport.query(trx).findById(id).forUpdate();
        if (!found) throw new AppError('not_found');
        if (found.status === 'running') throw new AppError('import_running');
        await StudentImportLine.query(trx).delete().where({ import_id: id });
        await StudentImport.query(trx).deleteById(id);
        await auditTenant(trx, origin, { action: 'student_import.delete', target: target(id) });
      }),
  };
}
