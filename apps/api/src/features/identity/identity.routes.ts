import * as contracts from '@preau/contracts/identity';
import type { Permission } from '@preau/contracts/permissions';
import { AppError } from '../../platform/app-error.ts';
import type { Services } from '../../services.ts';
import { bind, schoolOf, type BoundRoute, type Call } from '../define-feature.ts';
import { accountRoutes } from './account.routes.ts';
import { presentKey, presentMe } from './identity.presenter.ts';

const userAgent = ({ headers }: { headers: Call['headers'] }) =>
  String(headers['user-agent'] ?? '').slice(0, 300) || null;

export const identityRoutes = (services: Services): BoundRoute[] => {
  const { sessions, logIn, invitations, apiKeys, sessionCookie, knownDevices } = services;
  /** Hands over a new session. The one that the browser carried would stay open with nobody left to end it. */
  async function handOver({ headers, origin, reply }: Call, token: string): Promise<void> {
    const former = sessionCookie.read(headers['cookie'] as string | undefined);
    if (former) await sessions.logOut(former, origin);
    sessionCookie.set(reply, token);
  }

  return [
    bind(contracts.login, async (call) => {
      const { token, actor } = await logIn.logIn(call.tenant, call.body, call.origin, userAgent(call));
      await handOver(call, token);
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
    bind(contracts.getInvitation, async (call) => {
      const tenant = schoolOf(call);
      const invitation = await invitations.show(tenant, call.params.token);
      return {
        email: invitation.email,
        role: invitation.role,
        expires_at: invitation.expires_at.toISOString(),
        account_exists: invitation.accountExists,
        password_min_length: tenant.settings.password_min_length,
      };
    }),
    bind(contracts.acceptInvitation, async (call) => {
      const { token, actor } = await invitations.accept(
        schoolOf(call),
        call.params.token,
        call.body,
        call.origin,
        userAgent(call),
      );
      await handOver(call, token);
      return presentMe(actor);
    }),
    bind(contracts.listPlatformKeys, async () => {
      const rows = await apiKeys.list();
      return { count: rows.length, next: null, previous: null, results: rows.map(presentKey) };
    }),
    bind(contracts.createPlatformKey, async ({ body, origin }) => {
      const { row, key, secret } = await apiKeys.create(origin, {
        name: body.name.trim(),
        scopes: body.scopes as Permission[],
        expiresAt: body.expires_at ? new Date(body.expires_at) : null,
      });
      return { ...presentKey(row), key, secret };
    }),
    bind(contracts.revokePlatformKey, async ({ params, origin }) => {
      await apiKeys.revoke(origin, params.id);
      return undefined;
    }),
    ...accountRoutes(services),
  ];
};
