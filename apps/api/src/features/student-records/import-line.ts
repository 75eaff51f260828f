import { GuardianCreate } from '@preau/contracts/roster-people';
import { StudentCreate } from '@preau/contracts/students';
import type { GuardianRelation } from '@preau/contracts/vocabulary';
import { foldedText } from '../../database/folded.ts';
import { AppError, type FieldProblem } from '../../platform/app-error.ts';
import { validateBody } from '../../platform/validation.ts';
import type { ImportColumn } from './import-columns.ts';

export type Cells = Partial<Record<ImportColumn, string>>;

export interface GuardianOfLine {
  last_name: string;
  first_name: string;
  email?: string;
  phone?: string;
  relation: GuardianRelation;
}

/** A line as a student. Empty cells are not there: they erase nothing. */
export interface StudentOfLine {
  fields: {
    last_name: string;
    first_name: string;
    external_id?: string;
    birth_date?: string;
    email?: string;
    phone?: string;
    address?: string;
  };
  class: string | null;
  guardians: GuardianOfLine[];
  problems: FieldProblem[];
}

const RELATIONS: Record<string, GuardianRelation> = {
  mere: 'mother',
  mother: 'mother',
  pere: 'father',
  father: 'father',
  parent: 'parent',
  tuteur: 'guardian',
  tutrice: 'guardian',
  'responsable legal': 'guardian',
  guardian: 'guardian',
};
const relationOf = (text: string | undefined): GuardianRelation =>
  text === undefined ? 'parent' : (RELATIONS[foldedText(text).trim()] ?? 'other');

/** 31/12/2014, 31-12-14 is not taken: the century would be a guess; 2014-12-31. Null when it is no date. */
export function isoDate(text: string): string | null {
  const french = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text);
  const iso = french
    ? `${french[3]}-${french[2]?.padStart(2, '0')}-${french[1]?.padStart(2, '0')}`
    : /^\d{4}-\d{2}-\d{2}$/.test(text)
      ? text
      : null;
  if (iso === null) return null;
  const date = new Date(`${iso}T00:00:00Z`);
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== iso ? null : iso;
}

/** How somebody is recognised without a number. */
export const nameKey = (last: string, first: string): string =>
  `${foldedText(last)}|${foldedText(first)}`.replace(/[^a-z0-9|]+/g, ' ').trim();

function problemsOf(schema: typeof StudentCreate | typeof GuardianCreate, body: object): FieldProblem[] {
  try {
    validateBody(schema, body);
    return [];
  } catch (error) {
    if (error instanceof AppError) return [...(error.options.errors ?? [])];
    throw error;
  }
}

const present = <T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;

function guardianOf(cells: Cells, at: 1 | 2): GuardianOfLine | null {
  const cell = (name: 'last_name' | 'first_name' | 'relation' | 'email' | 'phone') =>
    cells[`guardian${at}_${name}`];
  if (!cell('last_name') && !cell('first_name') && !cell('email') && !cell('phone')) return null;
  return present({
    last_name: cell('last_name') ?? '',
    first_name: cell('first_name') ?? '',
    email: cell('email')?.toLowerCase(),
    phone: cell('phone'),
    relation: relationOf(cell('relation')),
  }) as GuardianOfLine;
}

/** Reads the cells of a line. */
export function studentOfLine(cells: Cells): StudentOfLine {
  const problems: FieldProblem[] = [];
  const birth = cells.birth_date === undefined ? undefined : isoDate(cells.birth_date);
  if (birth === null) problems.push({ path: 'birth_date', code: 'date_format' });
  const fields = present({
    last_name: cells.last_name ?? '',
    first_name: cells.first_name ?? '',
    external_id: cells.external_id?.replace(/\s+/g, '').toUpperCase(),
    birth_date: birth ?? undefined,
    email: cells.email?.toLowerCase(),
    phone: cells.phone,
    address: cells.address,
  }) as StudentOfLine['fields'];
  problems.push(...problemsOf(StudentCreate, fields));
  if (birth === undefined && fields.external_id === undefined)
    problems.push({ path: 'external_id', code: 'key_missing' });
  const guardians: GuardianOfLine[] = [];
  for (const at of [1, 2] as const) {
    const guardian = guardianOf(cells, at);
    if (!guardian) continue;
    const { relation: _, ...person } = guardian;
    problems.push(
      ...problemsOf(GuardianCreate, person).map((problem) => ({
        ...problem,
        path: `guardian${at}_${problem.path}`,
      })),
    );
    guardians.push(guardian);
  }
  const name = cells.class?.trim() ?? '';
  if (name.length > 60) problems.push({ path: 'class', code: 'max_length', values: { limit: 60 } });
  return { fields, class: name === '' ? null : name, guardians, problems };
}
