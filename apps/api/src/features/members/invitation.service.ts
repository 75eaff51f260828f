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
import {
  endInvitation,
  findByToken,
  insertInvitation,
  statusOf,
  type InvitationRow,
} from './invitation.repository.ts';
import type { RecordMoved } from './membership.repository.ts';
import { invitationExpiry } from './inviting.service.ts';

export type InvitationService = ReturnType<typeof createInvitationService>;

export interface MadeInvitation {
  token: string;
  email: string;
  expiresAt: Date;
}

/** The platform invites, in the caller's transaction: its unused invitations for the same role, and to the same address, end. */
export async function makeInvitation(
  trx: CentralTrx,
  origin: Origin,
  tenantId: string,
  address: string,
  role: SchoolRole,
): Promise<MadeInvitation> {
  const email = address.trim().toLowerCase();
  const token = newSecret();
  const id = uuidv7();
  const expiresAt = invitationExpiry();
  await together([
    insertInvitation(trx, {
      id,
      tenantId,
      email,
      role,
      tokenHash: digest(token),
      expiresAt,
      by: null,
      record: null,
    }),
    auditCentral(trx, origin, tenantId, {
      action: 'invitation.create',
      target: { type: 'invitation', id },
      after: { email, role },
    }),
  ]);
  return { token, email, expiresAt };
}

/** @throws AppError `invitation_not_found`, `invitation_revoked`, `link_used` or `link_expired`. */
function acceptable(invitation: InvitationRow | undefined): InvitationRow {
  if (!invitation) throw new AppError('invitation_not_found');
  const status = statusOf(invitation);
  if (status === 'accepted') throw new AppError('link_used');
  if (status === 'revoked') throw new AppError('invitation_revoked');
  if (status === 'expired') throw new AppError('link_expired');
  return invitation;
}

/** Invitations: a link, valid once and for two weeks, that makes its reader a member of the school. */
export function createInvitationService({
  tenancy,
  sessions,
  passwords,
  checkSecondFactor,
  recordMoved,
}: {
  tenancy: Tenancy;
  sessions: SessionService;
  passwords: Passwords;
  checkSecondFactor: SecondFactorCheck;
  recordMoved: RecordMoved;
}) {
  const find = async (
    trx: CentralTrx,
    tenant: TenantSnapshot,
    token: string,
    lock = false,
  ): Promise<InvitationRow> => acceptable(await findByToken(trx, tenant.id, digest(token), lock));

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
        const record =
          invitation.record_kind && invitation.record_id
            ? { kind: invitation.record_kind, id: invitation.record_id }
            : null;
        // Whoever had asked to be admitted has been, by the invitation.
        if (known?.status === 'pending')
          await activateMembership(trx, member.id, tenant.id, invitation.role, record);
        else if (!known) await insertMembership(trx, member.id, tenant.id, invitation.role, record);
        if (record && current === undefined) await recordMoved(trx, tenant.id, record.id);
        await endInvitation(trx, invitation.id, 'accepted_at');
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
