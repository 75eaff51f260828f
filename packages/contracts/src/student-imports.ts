import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DateTime, FieldError, Id, Nullable, Page, PageQuery, Uuid } from './fields.ts';
import { IMPORT_ACTIONS, STUDENT_IMPORT_STATUSES } from './vocabulary.ts';

const closed = { additionalProperties: false } as const;
const records = {
  tag: 'student_records',
  zone: 'tenant',
  module: 'student_records',
  permission: 'records:write',
} as const;

/** Most lines of one file. */
export const STUDENT_IMPORT_MAX_LINES = 5_000;
export const STUDENT_IMPORT_MAX_BYTES = 5 * 1024 * 1024;

const Counts = Type.Object({
  lines: Type.Integer(),
  create: Type.Integer(),
  update: Type.Integer(),
  unchanged: Type.Integer(),
  refused: Type.Integer(),
});

export const StudentImport = Type.Object({
  id: Uuid,
  file_name: Type.String(),
  school_year: Type.Object({ id: Uuid, name: Type.String() }),
  status: Type.Enum([...STUDENT_IMPORT_STATUSES], {
    description: '`checked` waits to be confirmed; nothing has happened yet',
  }),
  encoding: Type.String(),
  delimiter: Type.String(),
  ignored_columns: Type.Array(Type.String()),
  new_classes: Type.Array(Type.String(), { description: 'Classes that the import makes' }),
  author: Type.String(),
  planned: Counts,
  done: Type.Object({ ...Counts.properties }, { description: 'Of the lines that have been worked on' }),
  created_at: DateTime,
  finished_at: Nullable(DateTime),
});
export type StudentImport = Static<typeof StudentImport>;

export const StudentImportLine = Type.Object({
  line: Type.Integer({ description: 'Number of the line in the file; the header is 1' }),
  name: Type.String(),
  planned: Type.Enum([...IMPORT_ACTIONS]),
  outcome: Nullable(Type.Enum([...IMPORT_ACTIONS], { description: 'Null until it has been worked on' })),
  changes: Type.Array(Type.String(), { description: 'Fields that an update changes' }),
  student_id: Nullable(Uuid),
  errors: Type.Array(FieldError, { description: 'Why it is refused' }),
});
export type StudentImportLine = Static<typeof StudentImportLine>;

export const StudentImportLineQuery = Type.Object(
  { ...PageQuery, action: Type.Optional(Type.Enum([...IMPORT_ACTIONS])) },
  closed,
);
export type StudentImportLineQuery = Static<typeof StudentImportLineQuery>;

export const getImportTemplate = defineRoute({
  ...records,
  name: 'getImportTemplate',
  method: 'GET',
  path: '/student-import-template/',
  summary: 'An empty file with the columns of an import',
  success: { status: 200, schema: Type.String(), file: 'text/csv' },
});
export const listStudentImports = defineRoute({
  ...records,
  name: 'listStudentImports',
  method: 'GET',
  path: '/student-imports/',
  summary: 'Imports, the latest first',
  query: Type.Object(PageQuery, closed),
  success: { status: 200, schema: Page(StudentImport) },
});
export const checkStudentImport = defineRoute({
  ...records,
  name: 'checkStudentImport',
  method: 'POST',
  path: '/student-imports/',
  summary: 'Check a file of students, line by line; nothing is changed until it is confirmed',
  query: Type.Object(
    {
      school_year: Type.Optional(
        Type.String({ format: 'uuid', description: 'Year of the classes; the current one when not told' }),
      ),
    },
    closed,
  ),
  upload: { types: ['text/csv'], maxBytes: STUDENT_IMPORT_MAX_BYTES },
  success: { status: 201, schema: StudentImport },
  errors: [
    'file_expected',
    'import_columns_missing',
    'student_import_too_long',
    'payload_too_large',
    'no_current_year',
  ],
});
export const getStudentImport = defineRoute({
  ...records,
  name: 'getStudentImport',
  method: 'GET',
  path: '/student-imports/:id/',
  summary: 'An import: what would happen, how far it is, what has happened',
  params: Id,
  success: { status: 200, schema: StudentImport },
});
export const listStudentImportLines = defineRoute({
  ...records,
  name: 'listStudentImportLines',
  method: 'GET',
  path: '/student-imports/:id/lines/',
  summary: 'Lines of an import',
  params: Id,
  query: StudentImportLineQuery,
  success: { status: 200, schema: Page(StudentImportLine) },
});
export const confirmStudentImport = defineRoute({
  ...records,
  name: 'confirmStudentImport',
  method: 'POST',
  path: '/student-imports/:id/confirm/',
  summary: 'Do what the check has said: a line that would do something else by now is refused',
  params: Id,
  success: { status: 202, schema: Type.Object({ job_id: Uuid }) },
  errors: ['import_not_waiting', 'job_in_progress'],
});
export const reportStudentImport = defineRoute({
  ...records,
  name: 'reportStudentImport',
  method: 'GET',
  path: '/student-imports/:id/report/',
  summary: 'What became of each line, as CSV',
  params: Id,
  success: { status: 200, schema: Type.String(), file: 'text/csv' },
});
export const deleteStudentImport = defineRoute({
  ...records,
  name: 'deleteStudentImport',
  method: 'DELETE',
  path: '/student-imports/:id/',
  summary: 'Forget an import; what it entered stays',
  params: Id,
  success: { status: 204 },
  errors: ['import_running'],
});
