import type { InvitationQuery } from '@preau/contracts/invitations';
import type { SchoolRole } from '@preau/contracts/vocabulary';
import type { CentralTrx, Tenancy } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../platform/app-error.ts';
import { auditCentral, type Origin } from '../audit/index.ts';
import { digest, findUserByEmail, newSecret, roleIn, type PersonRecord } from '../identity/index.ts';
import type { MailService } from '../mail/index.ts';
import { INVITATION, INVITATION_VALID_DAYS } from './invitation.mails.ts';
import { listInvitationRows } from './invitation.read-model.ts';
import {
  endInvitation,
  insertInvitation,
  lockInvitation,
  lockInviting,
  renewInvitation,
  seatsBeside,
  type InvitationRow,
} from './invitation.repository.ts';
import type { MembersOf } from './member.service.ts';

export type InvitingService = ReturnType<typeof createInvitingService>;

export interface SentInvitation {
  row: InvitationRow;
  /** Known here and in the mail, nowhere else. */
  token: string;
}

export const invitationExpiry = (): Date => new Date(Date.now() + INVITATION_VALID_DAYS * 86_400_000);
const target = (id: string) => ({ type: 'invitation', id });

/** A school invites: makes, sends again and takes back links. */
export function createInvitingService({ tenancy, mails }: { tenancy: Tenancy; mails: MailService }) {
  const send = (trx: CentralTrx, { id, settings }: MembersOf, row: InvitationRow, token: string) =>
    mails.enqueue(trx, {
      kind: INVITATION,
      to: row.email,
      tenantId: id,
      language: settings.language,
      data: { id: row.id, token },
    });

  async function assertSeat(trx: CentralTrx, tenantId: string, email: string): Promise<void> {
    const seats = await seatsBeside(trx, tenantId, email);
    if (seats.used >= seats.limit)
      throw new AppError('seats_exhausted', { details: { ...seats }, extensions: { ...seats } });
  }

  /** An invitation that may still be accepted, or that has expired; locked. */
  async function unused(trx: CentralTrx, tenantId: string, id: string): Promise<InvitationRow> {
    const row = await lockInvitation(trx, tenantId, id);
    if (row.accepted_at) throw new AppError('link_used');
    return row;
  }

  /** Links that were sent before go on working: they were a promise. The first administrator is the platform's to invite. */
  function assertInviting({ settings }: MembersOf): void {
    if (settings.registration === 'closed') throw new AppError('invitations_closed');
  }

  return {
    list: (tenantId: string, query: InvitationQuery) =>
      tenancy.central(({ trx }) => listInvitationRows(trx, tenantId, query), { readOnly: true }),

    /**
     * Invites an address; links it was sent before end. For a record, it becomes
     * theirs when they accept. Whether it has an account is not told. Throws `already_member`,
     * `seats_exhausted`, `invitations_closed`.
     */
    invite: (
      school: MembersOf,
      input: { email: string; role: SchoolRole; record?: PersonRecord },
      origin: Origin,
    ): Promise<SentInvitation> =>
      tenancy.central(async ({ trx }) => {
        assertInviting(school);
        const email = input.email.trim().toLowerCase();
        await lockInviting(trx, school.id);
        const known = await findUserByEmail(trx, email);
        if (known && (await roleIn(trx, known.id, school.id))) throw new AppError('already_member');
        if (input.role === 'student' && !input.record) await assertSeat(trx, school.id, email);
        const { actor } = origin;
        const token = newSecret();
        const id = uuidv7();
        await insertInvitation(trx, {
          id,
          tenantId: school.id,
          email,
          role: input.role,
          tokenHash: digest(token),
          expiresAt: invitationExpiry(),
          by:
            actor.type === 'user' ? { id: actor.id, name: actor.fullName } : { id: null, name: actor.label },
          record: input.record ?? null,
        });
        await auditCentral(trx, origin, school.id, {
          action: 'invitation.create',
          target: target(id),
          after: { email, role: input.role, ...(input.record ? { record: input.record } : {}) },
        });
        const row = await lockInvitation(trx, school.id, id);
        await send(trx, school, row, token);
        return { row, token };
      }),

    /** Sends a new link, valid as long as a new invitation; the old one ends. Throws `not_found`, `link_used`, `invitations_closed`. */
    resend: (school: MembersOf, id: string, origin: Origin): Promise<SentInvitation> =>
      tenancy.central(async ({ trx }) => {
        assertInviting(school);
        const before = await unused(trx, school.id, id);
        const token = newSecret();
        const row = await renewInvitation(trx, id, digest(token), invitationExpiry());
        await auditCentral(trx, origin, school.id, {
          action: 'invitation.resend',
          target: target(id),
          before: { email: before.email, expires_at: before.expires_at },
          after: { email: row.email, expires_at: row.expires_at },
        });
        await send(trx, school, row, token);
        return { row, token };
      }),

    /** Takes an invitation back. Throws `not_found`, `link_used`. */
    revoke: (tenantId: string, id: string, origin: Origin): Promise<void> =>
      tenancy.central(async ({ trx }) => {
        const { email, role } = await unused(trx, tenantId, id);
        await endInvitation(trx, id, 'revoked_at');
        await auditCentral(trx, origin, tenantId, {
          action: 'invitation.revoke',
          target: target(id),
          before: { email, role },
        });
      }),
  };
}
