import * as contracts from '@preau/contracts/identity';
import { AppError } from '../../platform/app-error.ts';
import type { Services } from '../../services.ts';
import { bind, type BoundRoute } from '../define-feature.ts';
import { accountRoutes } from './account.routes.ts';
import { handOver, userAgentOf } from './hand-over.ts';
import { presentMe } from './identity.presenter.ts';

export const identityRoutes = (services: Services): BoundRoute[] => {
  const { sessions, logIn, sessionCookie, knownDevices } = services;
  return [
    bind(contracts.login, async (call) => {
      const { token, actor } = await logIn.logIn(call.tenant, call.body, call.origin, userAgentOf(call));
      await handOver(services, call, token);
      knownDevices.remember(call.reply, call.headers['cookie'] as string | undefined, call.body.email);
      return presentMe(actor);
    }),
    bind(contracts.logout, async ({ headers, origin, reply }) => {
      const token = sessionCookie.read(headers['cookie'] as string | undefined);
      if (token) await sessions.logOut(token, origin);
      sessionCookie.clear(reply);
      return undefined;
    }),
    bind(contracts.me, async ({ actor }) => {
      if (actor.type !== 'user') throw new AppError('not_authenticated');
      return presentMe(actor);
    }),
    bind(contracts.sessionEnd, async ({ actor }) => {
      if (actor.type !== 'user') throw new AppError('not_authenticated');
      return { expires_at: actor.expiresAt.toISOString() };
    }),
    ...accountRoutes(services),
  ];
};
