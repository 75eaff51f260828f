import type { SchoolRole } from '@preau/contracts/vocabulary';
import { together, type CentralTrx, type Tenancy } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError, fieldError } from '../../platform/app-error.ts';
import { violatesUnique } from '../../platform/database-errors.ts';
import { auditCentral, type Origin } from '../audit/index.ts';
import type { TenantSnapshot } from '../current-tenant/index.ts';
import {
  activateMembership,
  digest,
  findUserByEmail,
  hashPassword,
  insertMembership,
  insertUser,
  membershipIn,
  newSecret,
  type OpenedSession,
  type Passwords,
  type SecondFactorCheck,
  type SessionService,
  type User,
} from '../identity/index.ts';

export type InvitationService = ReturnType<typeof createInvitationService>;

const VALID_FOR_DAYS = 14;

interface InvitationRow {
  id: string;
  tenant_id: string;
  email: string;
  role: SchoolRole;
  expires_at: Date;
}

export interface MadeInvitation {
  token: string;
  email: string;
  expiresAt: Date;
}

/** Makes an invitation in the caller's transaction; unused ones for the same school and role end. */
export async function makeInvitation(
  trx: CentralTrx,
  origin: Origin,
  tenantId: string,
  email: string,
  role: SchoolRole,
): Promise<MadeInvitation> {
  const token = newSecret();
  const id = uuidv7();
  const expiresAt = new Date(Date.now() + VALID_FOR_DAYS * 86_400_000);
  await together([
    trx.raw(
      `UPDATE public.invitations SET revoked_at = now()
       WHERE tenant_id = ? AND role = ? AND id <> ? AND accepted_at IS NULL AND revoked_at IS NULL`,
      [tenantId, role, id],
    ),
    trx.raw(
      'INSERT INTO public.invitations (id, tenant_id, email, role, token_hash, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
      [id, tenantId, email.toLowerCase(), role, digest(token), expiresAt],
    ),
    auditCentral(trx, origin, tenantId, {
      action: 'invitation.create',
      target: { type: 'invitation', id },
      after: { email, role },
    }),
  ]);
  return { token, email, expiresAt };
}

/** Invitations: a link, valid once and for two weeks, that makes its reader a member of the school. */
export function createInvitationService({
  tenancy,
  sessions,
  passwords,
  checkSecondFactor,
}: {
  tenancy: Tenancy;
  sessions: SessionService;
  passwords: Passwords;
  checkSecondFactor: SecondFactorCheck;
}) {
  async function find(
    trx: CentralTrx,
    tenant: TenantSnapshot,
    token: string,
    lock = false,
  ): Promise<InvitationRow> {
    const { rows } = await trx.raw(
      `SELECT id, tenant_id, email, role, expires_at FROM public.invitations
       WHERE token_hash = ? AND tenant_id = ? AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > now()${lock ? ' FOR UPDATE' : ''}`,
      [digest(token), tenant.id],
    );
    if (!rows[0]) throw new AppError('invitation_not_found');
    return rows[0];
  }

  return {
    show: (tenant: TenantSnapshot, token: string) =>
      tenancy.central(
        async ({ trx }) => {
          const invitation = await find(trx, tenant, token);
          return {
            ...invitation,
            accountExists: (await findUserByEmail(trx, invitation.email)) !== undefined,
          };
        },
        { readOnly: true },
      ),

    /** Accepts: a new account with a password, or the password of the account that has this e-mail already. */
    async accept(
      tenant: TenantSnapshot,
      token: string,
      input: { full_name?: string; password: string; code?: string },
      origin: Origin,
      userAgent: string | null,
    ): Promise<OpenedSession> {
      const { email, role, account } = await tenancy.central(
        async ({ trx }) => {
          const invitation = await find(trx, tenant, token);
          return { ...invitation, account: await findUserByEmail(trx, invitation.email) };
        },
        { readOnly: true },
      );
      let strong = false;
      if (account) {
        if (!(await passwords.verify(account.password_hash, input.password)))
          throw new AppError('invalid_credentials');
        // An invitation is no way past the second factor of the account that accepts it.
        strong = await checkSecondFactor({ user: account, role, tenant }, input, origin);
      } else {
        if (!input.full_name) throw fieldError('full_name', 'required');
        const limit = tenant.settings.password_min_length;
        if (input.password.length < limit) throw fieldError('password', 'min_length', { limit });
      }
      // Hashing takes a while: done before the transaction, which holds a connection.
      const passwordHash = account?.password_hash ?? (await hashPassword(input.password));
      const accepting = tenancy.central(async ({ trx }) => {
        const invitation = await find(trx, tenant, token, true);
        const member: User =
          account ??
          ({
            id: uuidv7(),
            email,
            full_name: input.full_name?.trim() ?? '',
            password_hash: passwordHash,
            is_superadmin: false,
          } as User);
        if (!account) await insertUser(trx, member);
        const known = account ? await membershipIn(trx, account.id, tenant.id) : undefined;
        const current = known?.status === 'active' ? known.role : undefined;
        // Whoever had asked to be admitted has been, by the invitation.
        if (known?.status === 'pending') await activateMembership(trx, member.id, tenant.id, invitation.role);
        else if (!known) await insertMembership(trx, member.id, tenant.id, invitation.role);
        await trx.raw('UPDATE public.invitations SET accepted_at = now() WHERE id = ?', [invitation.id]);
        await auditCentral(trx, origin, tenant.id, {
          action: 'invitation.accept',
          target: { type: 'user', id: member.id },
          after: { email, role: current ?? invitation.role },
        });
        return { user: member, role: current ?? invitation.role };
      });
      try {
        const member = await accepting;
        return await sessions.open(member.user, member.role, tenant, origin, userAgent, strong);
      } catch (error) {
        // Another school's invitation made the account meanwhile: this one is now for an account that exists.
        if (!account && violatesUnique(error, 'users_email_key'))
          return this.accept(tenant, token, input, origin, userAgent);
        throw error;
      }
    },
  };
}
