import * as contracts from '@preau/contracts/student-imports';
import type { ImportAction, Language } from '@preau/contracts/vocabulary';
import { pageLinks } from '../../platform/pagination.ts';
import type { Services } from '../../services.ts';
import { bind, schoolOf, type BoundRoute } from '../define-feature.ts';
import { csvText, rosterCsv } from './csv-answer.ts';
import { HEADINGS, type ImportColumn } from './import-columns.ts';
import { IMPORT_STUDENTS } from './import.job.ts';
import type { StudentImportLine } from './import.model.ts';
import { presentImport, presentImportLine, sentenceOf } from './roster.presenter.ts';

/** Shown to people: no path, no line break, not longer than a name is. */
const shownName = (name: string): string =>
  (name.split(/[/\\]/).at(-1) ?? '').replace(/\p{C}/gu, '').slice(0, 200);

const WORDS: Record<Language, { head: string[] } & Record<ImportAction | 'waiting', string>> = {
  fr: {
    head: ['Ligne', 'Élève', 'Résultat', 'Modifications', 'Pourquoi'],
    create: 'créé',
    update: 'modifié',
    unchanged: 'inchangé',
    refused: 'refusé',
    waiting: 'en attente',
  },
  en: {
    head: ['Line', 'Student', 'Result', 'Changes', 'Why'],
    create: 'created',
    update: 'updated',
    unchanged: 'unchanged',
    refused: 'refused',
    waiting: 'waiting',
  },
};

const reportOf = (rows: readonly StudentImportLine[], language: Language): string =>
  csvText([
    WORDS[language].head,
    ...rows.map((row) => [
      row.line,
      row.name,
      WORDS[language][row.outcome ?? (row.planned === 'refused' ? 'refused' : 'waiting')],
      row.changes.map((field) => HEADINGS[field as ImportColumn] ?? field).join(', '),
      (row.problems ?? []).map((problem) => sentenceOf(problem, language)).join(' '),
    ]),
  ]);

const asFile = (name: string) => ({
  'content-type': 'text/csv; charset=utf-8',
  'content-disposition': `attachment; filename="${name}"`,
});

export const studentImportRoutes = ({
  studentImports,
  importFiles,
  jobs,
  tenancy,
}: Services): BoundRoute[] => [
  bind(contracts.getImportTemplate, async (call) => {
    call.reply.headers(asFile('modele-eleves.csv'));
    return rosterCsv([]);
  }),
  bind(contracts.listStudentImports, async (call) => {
    const { count, rows } = await studentImports.list(schoolOf(call), call.query);
    return { count, ...pageLinks(call.reply, call.query, count), results: rows.map(presentImport) };
  }),
  bind(contracts.checkStudentImport, async (call) => {
    const upload = await call.upload();
    const file = await importFiles.keep(upload.content);
    try {
      const row = await studentImports.check(schoolOf(call), call.origin, {
        path: importFiles.path(file),
        fileName: shownName(upload.name) || 'import.csv',
        yearId: call.query.school_year,
      });
      call.reply.header('location', `/api/v1/student-imports/${row.id}/`);
      return presentImport(row);
    } finally {
      await importFiles.remove(file);
    }
  }),
  bind(contracts.getStudentImport, async (call) =>
    presentImport(await studentImports.get(schoolOf(call), call.params.id)),
  ),
  bind(contracts.listStudentImportLines, async (call) => {
    const { count, rows } = await studentImports.lines(schoolOf(call), call.params.id, {
      page_size: 20,
      ...call.query,
    });
    return {
      count,
      ...pageLinks(call.reply, call.query, count),
      results: rows.map((row) => presentImportLine(row, call.language)),
    };
  }),
  bind(contracts.confirmStudentImport, async (call) => {
    const school = schoolOf(call);
    const { id } = call.params;
    await studentImports.assertWaiting(school, id);
    const job_id = await tenancy.central(({ trx }) =>
      jobs.start(trx, call.origin, {
        kind: IMPORT_STUDENTS,
        tenantId: school.id,
        payload: { import_id: id },
        uniqueKey: id,
      }),
    );
    return { job_id };
  }),
  bind(contracts.reportStudentImport, async (call) => {
    const { rows } = await studentImports.lines(schoolOf(call), call.params.id, {});
    call.reply.headers(asFile('compte-rendu.csv'));
    return reportOf(rows, call.language);
  }),
  bind(contracts.deleteStudentImport, async (call) => {
    await studentImports.remove(schoolOf(call), call.origin, call.params.id);
    return undefined;
  }),
];
