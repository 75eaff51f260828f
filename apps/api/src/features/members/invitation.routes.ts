import * as contracts from '@preau/contracts/invitations';
import type { Services } from '../../services.ts';
import { pageLinks } from '../../platform/pagination.ts';
import { bind, schoolOf, type BoundRoute } from '../define-feature.ts';
import type { TenantSnapshot } from '../current-tenant/index.ts';
import { statusOf, type InvitationRow } from './invitation.repository.ts';
import type { SentInvitation } from './inviting.service.ts';
import { handOver, presentMe, userAgentOf } from '../identity/index.ts';

const presentSent = (
  { accounts }: Services,
  { primaryDomain }: TenantSnapshot,
  { row, token }: SentInvitation,
): contracts.SentInvitation => ({
  ...present(row),
  invitation_url: `${accounts.urlOf(primaryDomain)}/invitation/${token}`,
});

const present = (row: InvitationRow): contracts.SchoolInvitation => ({
  id: row.id,
  email: row.email,
  role: row.role,
  status: statusOf(row),
  inviter: row.inviter,
  created_at: row.created_at.toISOString(),
  sent_at: row.sent_at.toISOString(),
  expires_at: row.expires_at.toISOString(),
});

export const invitationRoutes = (services: Services): BoundRoute[] => [
  bind(contracts.listInvitations, async (call) => {
    const { count, rows } = await services.inviting.list(schoolOf(call).id, call.query);
    return { count, ...pageLinks(call.reply, call.query, count), results: rows.map(present) };
  }),
  bind(contracts.createInvitation, async (call) => {
    const school = schoolOf(call);
    return presentSent(services, school, await services.inviting.invite(school, call.body, call.origin));
  }),
  bind(contracts.resendInvitation, async (call) => {
    const school = schoolOf(call);
    return presentSent(services, school, await services.inviting.resend(school, call.params.id, call.origin));
  }),
  bind(contracts.revokeInvitation, async (call) => {
    await services.inviting.revoke(schoolOf(call).id, call.params.id, call.origin);
    return undefined;
  }),
  bind(contracts.getInvitation, async (call) => {
    const tenant = schoolOf(call);
    const invitation = await services.invitations.show(tenant, call.params.token);
    return {
      email: invitation.email,
      role: invitation.role,
      expires_at: invitation.expires_at.toISOString(),
      account_exists: invitation.accountExists,
      password_min_length: tenant.settings.password_min_length,
    };
  }),
  bind(contracts.acceptInvitation, async (call) => {
    const { token, actor } = await services.invitations.accept(
      schoolOf(call),
      call.params.token,
      call.body,
      call.origin,
      userAgentOf(call),
    );
    await handOver(services, call, token);
    return presentMe(actor);
  }),
];
