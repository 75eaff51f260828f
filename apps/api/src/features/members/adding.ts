import type { SchoolRole } from '@preau/contracts/vocabulary';
import type { CentralTrx } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError, fieldError } from '../../platform/app-error.ts';
import {
  activateMembership,
  findUserByEmail,
  insertMembership,
  insertUser,
  membershipIn,
} from '../identity/index.ts';

export interface Newcomer {
  email: string;
  role: SchoolRole;
  full_name?: string;
}

/**
 * Makes somebody a member without asking them: with the account of the address, or a new one with this password. Throws
 * `already_member`, `seats_exhausted`, and `invalid_input` when a new account lacks a name.
 */
export async function addMembership(
  trx: CentralTrx,
  tenantId: string,
  { email: address, role, full_name: name }: Newcomer,
  passwordHash: string,
): Promise<{ id: string; isNew: boolean }> {
  const email = address.trim().toLowerCase();
  const known = await findUserByEmail(trx, email);
  const id = known?.id ?? uuidv7();
  if (!known) {
    if (!name?.trim()) throw fieldError('name', 'required');
    if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw fieldError('email', 'email');
    await insertUser(trx, {
      id,
      email,
      full_name: name.trim(),
      password_hash: passwordHash,
      is_superadmin: false,
    });
  }
  const membership = await membershipIn(trx, id, tenantId);
  if (membership?.status === 'active') throw new AppError('already_member');
  if (membership) await activateMembership(trx, id, tenantId, role);
  else await insertMembership(trx, id, tenantId, role);
  return { id, isNew: !known };
}
