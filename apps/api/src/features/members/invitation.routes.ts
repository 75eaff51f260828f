import * as contracts from '@preau/contracts/invitations';
import type { Services } from '../../services.ts';
import { bind, schoolOf, type BoundRoute } from '../define-feature.ts';
import { handOver, presentMe, userAgentOf } from '../identity/index.ts';

export const invitationRoutes = (services: Services): BoundRoute[] => [
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
