import type { GuardianQuery, StaffQuery } from '@preau/contracts/roster-people';
import type { GuardianRelation } from '@preau/contracts/vocabulary';
import { together, type TenantTrx } from '@preau/tenancy';
import { containing, folded } from '../../database/folded.ts';
import { AppError } from '../../platform/app-error.ts';
import type { Guardian, StaffRecord } from './roster.model.ts';
import { peopleOf, type TiedPerson } from './seats.repository.ts';

interface Child {
  id: string;
  last_name: string;
  first_name: string;
  relation: GuardianRelation;
}
interface Taught {
  id: string;
  name: string;
  is_main: boolean;
}
export type GuardianRow = Guardian & { children: Child[]; account: TiedPerson | null };
export type StaffRow = StaffRecord & { classes: Taught[]; account: TiedPerson | null };

const NAME = `${folded('p.last_name')}, ${folded('p.first_name')}, p.id`;
const CHILDREN = `(SELECT coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'last_name', s.last_name,
    'first_name', s.first_name, 'relation', k.relation) ORDER BY s.last_name, s.first_name, s.id), '[]')
  FROM guardianships k JOIN students s ON s.id = k.student_id WHERE k.guardian_id = p.id) AS children`;
const TAUGHT = `(SELECT coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name, 'is_main', t.is_main)
    ORDER BY c.name), '[]')
  FROM class_teachers t JOIN classes c ON c.id = t.class_id JOIN school_years y ON y.id = c.school_year_id AND y.is_current
  WHERE t.staff_id = p.id) AS classes`;

async function withAccounts<R extends { id: string }>(
  trx: TenantTrx,
  rows: R[],
): Promise<(R & { account: TiedPerson | null })[]> {
  const people = await peopleOf(
    trx,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({ ...row, account: people.get(row.id) ?? null }));
}

async function page(
  trx: TenantTrx,
  table: string,
  extra: string,
  { page: number = 1, page_size: size = 20, search, job }: GuardianQuery & { job?: string },
): Promise<{ count: number; rows: unknown[] }> {
  const words = (search ?? '').trim().split(/\s+/).filter(Boolean).slice(0, 6);
  const conditions = words.map(
    (_, at) => `${folded("concat_ws(' ', p.last_name, p.first_name, p.email)")} LIKE :word${at}`,
  );
  if (job) conditions.push('p.job = :job');
  const from = `FROM ${table} p WHERE ${['true', ...conditions].join(' AND ')}`;
  const values = {
    job: job ?? null,
    size,
    offset: (number - 1) * size,
    ...Object.fromEntries(words.map((word, at) => [`word${at}`, containing(word)])),
  } as never;
  const [counted, listed] = await together([
    trx.raw(`SELECT count(*)::int AS count ${from}`, values) as PromiseLike<{ rows: { count: number }[] }>,
    trx.raw(
      `SELECT p.*, ${extra} ${from} ORDER BY ${NAME} LIMIT :size OFFSET :offset`,
      values,
    ) as PromiseLike<{ rows: { id: string }[] }>,
  ]);
  return { count: counted.rows[0]?.count ?? 0, rows: await withAccounts(trx, listed.rows) };
}

async function one(trx: TenantTrx, table: string, extra: string, id: string): Promise<unknown> {
  const { rows } = await trx.raw(`SELECT p.*, ${extra} FROM ${table} p WHERE p.id = ?`, [id]);
  const [row] = await withAccounts(trx, rows as { id: string }[]);
  if (!row) throw new AppError('not_found');
  return row;
}

interface PageOf<R> {
  count: number;
  rows: R[];
}
export const listGuardianRows = (trx: TenantTrx, query: GuardianQuery) =>
  page(trx, 'guardians', CHILDREN, query) as Promise<PageOf<GuardianRow>>;
export const getGuardianRow = (trx: TenantTrx, id: string) =>
  one(trx, 'guardians', CHILDREN, id) as Promise<GuardianRow>;
export const listStaffRows = (trx: TenantTrx, query: StaffQuery) =>
  page(trx, 'staff_records', TAUGHT, query) as Promise<PageOf<StaffRow>>;
export const getStaffRow = (trx: TenantTrx, id: string) =>
  one(trx, 'staff_records', TAUGHT, id) as Promise<StaffRow>;
