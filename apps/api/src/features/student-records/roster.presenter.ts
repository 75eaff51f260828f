import type { SchoolClass } from '@preau/contracts/classes';
import { ERRORS, FIELD_ERRORS, fillSentence } from '@preau/contracts/error-codes';
import type { RecordAccount } from '@preau/contracts/roster-fields';
import type { Guardian, StaffRecord } from '@preau/contracts/roster-people';
import type { SchoolYear } from '@preau/contracts/school-years';
import type { StudentImport, StudentImportLine } from '@preau/contracts/student-imports';
import type { Student, StudentRow } from '@preau/contracts/students';
import type { Language } from '@preau/contracts/vocabulary';
import type { FieldProblem } from '../../platform/app-error.ts';
import type { ClassRow, YearRow } from './class.read-model.ts';
import type { StudentImportLine as ImportLineRow } from './import.model.ts';
import type { ImportRow } from './import.read-model.ts';
import type { GuardianRow, StaffRow } from './person.read-model.ts';
import type { TiedPerson } from './seats.repository.ts';
import type { StudentDetail, StudentListRow } from './student.read-model.ts';

const account = (person: TiedPerson | null): RecordAccount | null =>
  person && {
    user_id: person.user_id,
    email: person.email,
    full_name: person.full_name,
    role: person.role,
  };

export const presentStudentRow = (row: StudentListRow): StudentRow => ({
  id: row.id,
  external_id: row.external_id,
  last_name: row.last_name,
  first_name: row.first_name,
  birth_date: row.birth_date,
  status: row.status,
  left_on: row.left_on,
  class: row.class_id === null ? null : { id: row.class_id, name: row.class_name ?? '' },
  has_account: row.has_account,
});

export function presentStudent({ student, guardians, enrolments, account: tied }: StudentDetail): Student {
  const current = enrolments.find(({ is_current: isCurrent }) => isCurrent);
  return {
    id: student.id,
    external_id: student.external_id,
    last_name: student.last_name,
    first_name: student.first_name,
    birth_date: student.birth_date,
    status: student.status,
    left_on: student.left_on,
    class: current ? { id: current.class_id, name: current.class_name } : null,
    email: student.email,
    phone: student.phone,
    address: student.address,
    account: account(tied),
    guardians: guardians.map((row) => ({
      id: row.id,
      last_name: row.last_name,
      first_name: row.first_name,
      email: row.email,
      phone: row.phone,
      relation: row.relation,
      may_be_written_to: row.may_be_written_to,
      may_collect: row.may_collect,
      has_account: row.has_account,
      version: row.version,
    })),
    enrolments: enrolments.map((row) => ({
      school_year: { id: row.year_id, name: row.year_name, is_current: row.is_current },
      class: { id: row.class_id, name: row.class_name },
      since: row.since,
    })),
    created_at: student.created_at.toISOString(),
    updated_at: student.updated_at.toISOString(),
  };
}

export const presentGuardian = (row: GuardianRow): Guardian => ({
  id: row.id,
  last_name: row.last_name,
  first_name: row.first_name,
  email: row.email,
  phone: row.phone,
  address: row.address,
  account: account(row.account),
  children: row.children,
});

export const presentStaff = (row: StaffRow): StaffRecord => ({
  id: row.id,
  last_name: row.last_name,
  first_name: row.first_name,
  email: row.email,
  phone: row.phone,
  job: row.job,
  subject: row.subject,
  account: account(row.account),
  classes: row.classes,
});

export const presentClass = (row: ClassRow): SchoolClass => ({
  id: row.id,
  name: row.name,
  level: row.level,
  school_year: { id: row.school_year_id, name: row.year_name, is_current: row.year_is_current },
  group_id: row.group_id,
  student_count: row.student_count,
  teachers: row.teachers,
});

export const presentYear = (row: YearRow): SchoolYear => ({
  id: row.id,
  name: row.name,
  starts_on: row.starts_on,
  ends_on: row.ends_on,
  is_current: row.is_current,
  class_count: row.class_count,
  student_count: row.student_count,
});

export const presentImport = (row: ImportRow): StudentImport => ({
  id: row.id,
  file_name: row.file_name,
  school_year: { id: row.school_year_id, name: row.year_name },
  status: row.status,
  encoding: row.encoding,
  delimiter: row.delimiter,
  ignored_columns: row.ignored_columns,
  new_classes: row.new_classes,
  author: row.author_name,
  planned: row.planned,
  done: row.done,
  created_at: row.created_at.toISOString(),
  finished_at: row.finished_at?.toISOString() ?? null,
});

/** Codes are kept, sentences are the reader's. */
export function sentenceOf({ code, values }: FieldProblem, language: Language): string {
  const entry = FIELD_ERRORS[code] ?? ERRORS.invalid_input.title;
  return fillSentence(entry[language], values);
}

export const presentImportLine = (row: ImportLineRow, language: Language): StudentImportLine => ({
  line: row.line,
  name: row.name,
  planned: row.planned,
  outcome: row.outcome,
  changes: row.changes,
  student_id: row.student_id,
  errors: (row.problems ?? []).map((problem) => ({
    path: problem.path,
    code: problem.code,
    message: sentenceOf(problem, language),
  })),
});
