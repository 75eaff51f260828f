import type { SchoolRole } from '@preau/contracts/vocabulary';
import type { TenantTrx } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';

/** What the roster asks of the shared tables, through functions that take the school from the transaction. */

export interface SeatsOf {
  used: number;
  room: number;
}

/** With a hold, no seat is taken or given by anybody else until the transaction ends. */
export async function seatsOf(trx: TenantTrx, { hold = false } = {}): Promise<SeatsOf> {
  const { rows } = await trx.raw('SELECT used, room FROM tenant_api.seats(?)', [hold]);
  return rows[0] ?? { used: 0, room: 0 };
}

async function noSeat(trx: TenantTrx): Promise<AppError> {
  const { used, room } = await seatsOf(trx);
  return new AppError('seats_exhausted', {
    details: { used, limit: room },
    extensions: { used, limit: room },
  });
}

/**
 * Lets what moves seats of the roster happen one after the other, and before any row of it is locked: two that lock the same rows
 * in turn would wait for each other.
 */
export async function lockRoster(trx: TenantTrx): Promise<void> {
  await trx.raw("SELECT pg_advisory_xact_lock(hashtextextended('roster:' || current_schema(), 0))");
}

/** Takes seats, or gives them back. Throws `seats_exhausted`. */
export async function moveSeats(trx: TenantTrx, delta: number): Promise<void> {
  if (delta === 0) return;
  const { rows } = await trx.raw('SELECT tenant_api.move_seats(?) AS moved', [delta]);
  if (rows[0]?.moved !== true) throw await noSeat(trx);
}

/** A record begins or ends to hold a seat; of a student with an account it goes over to the account. Throws `seats_exhausted`. */
export async function seatRecord(trx: TenantTrx, id: string, enrolled: boolean): Promise<void> {
  const { rows } = await trx.raw('SELECT tenant_api.seat_record(?, ?) AS seated', [id, enrolled]);
  if (rows[0]?.seated !== true) throw await noSeat(trx);
}

export type RecordKind = 'student' | 'guardian' | 'staff';

/** Ties an account to a record, or unties it. Throws `account_tied`, `not_found`, `seats_exhausted`. */
export async function tiePerson(
  trx: TenantTrx,
  userId: string,
  record: { kind: RecordKind; id: string; enrolled: boolean } | null,
): Promise<void> {
  const { rows } = await trx.raw('SELECT tenant_api.tie_person(?, ?, ?, ?) AS outcome', [
    userId,
    record?.kind ?? null,
    record?.id ?? null,
    record?.enrolled ?? false,
  ] as never);
  const outcome: string = rows[0]?.outcome;
  if (outcome === 'taken') throw new AppError('account_tied');
  if (outcome === 'no_seat') throw await noSeat(trx);
  if (outcome !== 'tied') throw new AppError('not_found');
}

export interface TiedPerson {
  record_id: string;
  user_id: string;
  role: SchoolRole;
  email: string;
  full_name: string;
}

/** The accounts of these records, by record. */
export async function peopleOf(
  trx: TenantTrx,
  records: readonly string[],
): Promise<ReadonlyMap<string, TiedPerson>> {
  if (records.length === 0) return new Map();
  const { rows } = await trx.raw('SELECT * FROM tenant_api.people_of(?::uuid[])', [records as never]);
  return new Map(rows.map((row: TiedPerson) => [row.record_id, row]));
}

/** The record of somebody; null when they have none. */
export async function recordOf(trx: TenantTrx, userId: string | null): Promise<string | null> {
  if (userId === null) return null;
  const { rows } = await trx.raw('SELECT record_id FROM tenant_api.record_of(?)', [userId]);
  return rows[0]?.record_id ?? null;
}

/** A member by address; null when there is none here. */
export async function memberByEmail(
  trx: TenantTrx,
  email: string,
): Promise<{ user_id: string; role: SchoolRole } | null> {
  const { rows } = await trx.raw('SELECT user_id, role FROM tenant_api.member_by_email(?)', [email]);
  return rows[0] ?? null;
}

export async function endRecordInvitations(trx: TenantTrx, id: string): Promise<void> {
  await trx.raw('SELECT tenant_api.end_record_invitations(?)', [id]);
}

/** What a record that is erased leaves outside: the account goes on without it, and keeps a seat of its own. */
export async function forgetRecord(trx: TenantTrx, id: string): Promise<void> {
  const tied = (await peopleOf(trx, [id])).get(id);
  if (tied) await tiePerson(trx, tied.user_id, null);
  await endRecordInvitations(trx, id);
}
