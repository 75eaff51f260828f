import type * as invitations from '@preau/contracts/invitations';
import type * as contracts from '@preau/contracts/members';
import type { SchoolRole } from '@preau/contracts/vocabulary';
import { call } from '../../shared/http.ts';

export const listMembers = (query: contracts.MemberQuery) =>
  call<typeof contracts.listMembers>('GET', '/members/', { query });

/** Only what changed is sent: two people who change different things do not undo one another's. */
export const updateMember = (id: string, body: contracts.MemberPatch) =>
  call<typeof contracts.updateMember>('PATCH', '/members/:id/', { params: { id }, body });

export const removeMember = (id: string) =>
  call<typeof contracts.removeMember>('DELETE', '/members/:id/', { params: { id } });

export const endSessionsOf = (id: string) =>
  call<typeof contracts.endMemberSessions>('POST', '/members/:id/sessions/end/', { params: { id } });

export const approveMember = (id: string, role: SchoolRole) =>
  call<typeof contracts.approveMember>('POST', '/members/:id/approve/', { params: { id }, body: { role } });

export const refuseMember = (id: string, reason: string) =>
  call<typeof contracts.refuseMember>('POST', '/members/:id/refuse/', {
    params: { id },
    body: reason ? { reason } : {},
  });

/** From the console. */
export const listMembersOf = (id: string, query: contracts.MemberQuery) =>
  call<typeof contracts.listTenantMembers>('GET', '/tenants/:id/members/', { params: { id }, query });

export const listInvitations = (query: invitations.InvitationQuery) =>
  call<typeof invitations.listInvitations>('GET', '/invitations/', { query });

export const invite = (body: { email: string; role: SchoolRole }) =>
  call<typeof invitations.createInvitation>('POST', '/invitations/', { body });

export const resendInvitation = (id: string) =>
  call<typeof invitations.resendInvitation>('POST', '/invitations/:id/resend/', { params: { id } });

export const revokeInvitation = (id: string) =>
  call<typeof invitations.revokeInvitation>('DELETE', '/invitations/:id/', { params: { id } });
