import type { Tenancy } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { auditCentral, SYSTEM } from '../audit/index.ts';
import { hashPassword, newSecret } from './secrets.ts';
import { findUserByEmail, insertUser } from './user.repository.ts';

export interface FirstSuperadmin {
  email: string;
  /** One that was made here, to be printed once; null for one that the operator gave, which is in no log. */
  generated: string | null;
}

/** Makes the first super-admin, once. Answers null when there is one already. */
export async function ensureSuperadmin(
  tenancy: Tenancy,
  admin: { email: string; password: string | undefined },
): Promise<FirstSuperadmin | null> {
  const exists = await tenancy.central(
    async ({ trx }) => {
      const { rows } = await trx.raw('SELECT 1 FROM public.users WHERE is_superadmin LIMIT 1');
      return rows.length > 0;
    },
    { readOnly: true },
  );
  if (exists) return null;
  const password = admin.password ?? newSecret(15);
  const passwordHash = await hashPassword(password);
  return tenancy.central(async ({ trx }) => {
    // Two processes may start on one empty database: the second waits here and then finds the first one's account.
    await trx.raw("SELECT pg_advisory_xact_lock(hashtextextended('preau.first-superadmin', 0))");
    if (await findUserByEmail(trx, admin.email)) return null;
    const id = uuidv7();
    await insertUser(trx, {
      id,
      email: admin.email,
      full_name: 'Super-admin',
      password_hash: passwordHash,
      is_superadmin: true,
    });
    await auditCentral(trx, SYSTEM, null, {
      action: 'superadmin.create',
      target: { type: 'user', id },
      after: { email: admin.email },
    });
    return { email: admin.email, generated: admin.password === undefined ? password : null };
  });
}
