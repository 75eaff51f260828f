import { publishChange, type Tenancy } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import { auditCentral, type Origin } from '../audit/index.ts';
import { hashPassword, newSecret } from './secrets.ts';
import { findUserByEmail, User } from './user.repository.ts';

/** Gives a person a new password, made here, and ends all their sessions. Throws `not_found`. */
export async function resetPassword(tenancy: Tenancy, origin: Origin, email: string): Promise<string> {
  const password = newSecret(15);
  const password_hash = await hashPassword(password);
  await tenancy.central(async ({ trx }) => {
    const user = await findUserByEmail(trx, email);
    if (!user) throw new AppError('not_found');
    await User.query(trx).patch({ password_hash }).where({ id: user.id });
    const { rows } = await trx.raw('DELETE FROM public.sessions WHERE user_id = ? RETURNING id', [user.id]);
    for (const { id } of rows) await publishChange(trx, { kind: 'session', id });
    await auditCentral(trx, origin, null, {
      action: 'user.reset_password',
      target: { type: 'user', id: user.id },
    });
  });
  return password;
}
