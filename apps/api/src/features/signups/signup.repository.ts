import type { SignupDetails } from '@preau/contracts/signups';
import type { Language, SchoolType, SignupStatus } from '@preau/contracts/vocabulary';
import type { CentralTrx } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';

export interface SignupRow {
  id: string;
  status: SignupStatus;
  email: string;
  mailbox: string;
  language: Language;
  full_name: string;
  school_name: string;
  school_type: SchoolType;
  code_hash: Buffer;
  expires_at: Date;
  subdomain: string | null;
  phone: string | null;
  address: string | null;
  postal_code: string | null;
  city: string | null;
  website: string | null;
  uai: string | null;
  message: string | null;
  checks: number;
  automatic: boolean;
  reason: string | null;
  failure: string | null;
  decided_by: string | null;
  tenant_id: string | null;
  created_at: Date;
  submitted_at: Date | null;
  decided_at: Date | null;
  version: number;
}

export type NewSignup = Pick<
  SignupRow,
  | 'id'
  | 'email'
  | 'mailbox'
  | 'language'
  | 'full_name'
  | 'school_name'
  | 'school_type'
  | 'code_hash'
  | 'expires_at'
> & { ip: string | null };

/** Requests are counted and entered one after the other, so that limits hold to the last one. */
export async function lockSignups(trx: CentralTrx): Promise<void> {
  await trx.raw("SELECT pg_advisory_xact_lock(hashtextextended('signups', 0))");
}

export async function insertSignup(trx: CentralTrx, row: NewSignup): Promise<void> {
  const names = Object.keys(row);
  await trx.raw(
    `INSERT INTO public.signups (${names.join(', ')}) VALUES (${names.map((name) => `:${name}`).join(', ')})`,
    row as never,
  );
}

export async function insertKey(trx: CentralTrx, signupId: string, keyHash: Buffer): Promise<void> {
  await trx.raw('INSERT INTO public.signup_keys (key_hash, signup_id) VALUES (?, ?)', [
    keyHash,
    signupId,
  ] as never);
}

/** Whether a key opens this request. */
export async function keyOpens(trx: CentralTrx, signupId: string, keyHash: Buffer): Promise<boolean> {
  const { rows } = await trx.raw('SELECT 1 FROM public.signup_keys WHERE key_hash = ? AND signup_id = ?', [
    keyHash,
    signupId,
  ] as never);
  return rows.length > 0;
}

export interface Counts {
  all: number;
  of_mailbox: number;
  of_ip: number;
  /** Seconds until the oldest of each is a day old. */
  frees_in: number;
}

/** Requests of the last 24 hours. */
export async function countSignups(trx: CentralTrx, mailbox: string, ip: string | null): Promise<Counts> {
  const { rows } = await trx.raw(
    `SELECT count(*)::int AS all, count(*) FILTER (WHERE mailbox = :mailbox)::int AS of_mailbox,
       count(*) FILTER (WHERE ip = :ip::inet)::int AS of_ip,
       greatest(1, ceil(extract(epoch FROM min(created_at) + interval '24 hours' - now())))::int AS frees_in
     FROM public.signups WHERE created_at > now() - interval '24 hours'`,
    { mailbox, ip } as never,
  );
  return rows[0];
}

export async function countAutomatic(trx: CentralTrx): Promise<number> {
  const { rows } = await trx.raw(
    "SELECT count(*)::int AS count FROM public.signups WHERE automatic AND decided_at > now() - interval '24 hours'",
  );
  return rows[0].count;
}

export async function countWaitingOf(trx: CentralTrx, mailbox: string): Promise<number> {
  const { rows } = await trx.raw(
    "SELECT count(*)::int AS count FROM public.signups WHERE mailbox = ? AND status = 'waiting'",
    [mailbox],
  );
  return rows[0].count;
}

/** Wrong codes that a mailbox has borne in 24 hours, however often it was asked for: of a million, a few are tried. */
export async function wrongCodesOf(trx: CentralTrx, mailbox: string): Promise<number> {
  const { rows } = await trx.raw(
    `SELECT coalesce(sum(wrong_codes), 0)::int AS wrong FROM public.signups
     WHERE mailbox = ? AND created_at > now() - interval '24 hours'`,
    [mailbox],
  );
  return rows[0].wrong;
}

export async function countWrongCode(trx: CentralTrx, id: string): Promise<void> {
  await trx.raw('UPDATE public.signups SET wrong_codes = wrong_codes + 1 WHERE id = ?', [id]);
}

/** Counts a look for a free name. @returns how many that makes */
export async function countCheck(trx: CentralTrx, id: string): Promise<number> {
  const { rows } = await trx.raw(
    'UPDATE public.signups SET checks = checks + 1 WHERE id = ? RETURNING checks',
    [id],
  );
  return rows[0].checks;
}

/** Names that requests hold, of those that could stand in the way of this one. */
export async function heldNames(trx: CentralTrx, subdomain: string, butOf: string | null): Promise<string[]> {
  const { rows } = await trx.raw(
    `SELECT subdomain FROM public.signups WHERE status IN ('waiting', 'approved') AND id IS DISTINCT FROM ?::uuid
       AND (subdomain = ? OR starts_with(subdomain, ?))`,
    [butOf, subdomain, `${subdomain.slice(0, 60)}-`] as never,
  );
  return rows.map((row: { subdomain: string }) => row.subdomain);
}

export async function findSignup(trx: CentralTrx, id: string): Promise<SignupRow | undefined> {
  const { rows } = await trx.raw('SELECT * FROM public.signups WHERE id = ?', [id]);
  return rows[0];
}

/** Held until the end of the transaction. Throws `not_found`. */
export async function lockSignup(trx: CentralTrx, id: string): Promise<SignupRow> {
  const { rows } = await trx.raw('SELECT * FROM public.signups WHERE id = ? FOR UPDATE', [id]);
  if (!rows[0]) throw new AppError('not_found');
  return rows[0];
}

type Changeable = Pick<
  SignupRow,
  | 'status'
  | 'subdomain'
  | 'automatic'
  | 'reason'
  | 'failure'
  | 'decided_by'
  | 'decided_at'
  | 'submitted_at'
  | 'tenant_id'
> &
  SignupDetails;

export async function patchSignup(
  trx: CentralTrx,
  id: string,
  change: { [K in keyof Changeable]?: Changeable[K] | null | undefined },
): Promise<SignupRow> {
  const names = Object.keys(change).filter((name) => change[name as keyof Changeable] !== undefined);
  const { rows } = await trx.raw(
    `UPDATE public.signups SET version = version + 1, ${names.map((name) => `${name} = :${name}`).join(', ')}
     WHERE id = :id RETURNING *`,
    { ...change, id } as never,
  );
  return rows[0];
}

/**
 * Forgets who never proved or described anything, and those whose request has long been answered: their names and addresses are
 * no longer needed for it.
 */
export async function sweepSignups(trx: CentralTrx): Promise<number> {
  const { rowCount } = await trx.raw(
    `DELETE FROM public.signups WHERE
       (status = 'asked' AND created_at < now() - interval '2 days')
       OR (status = 'proved' AND created_at < now() - interval '14 days')
       OR (status IN ('refused', 'withdrawn', 'open') AND coalesce(decided_at, created_at) < now() - interval '60 days')`,
  );
  return rowCount;
}
