import * as contracts from '@preau/contracts/support';
import type { Services } from '../../services.ts';
import type { Actor } from '../audit/index.ts';
import { bind, schoolOf, type BoundRoute } from '../define-feature.ts';
import { handOver, presentMe, userAgentOf } from '../identity/index.ts';
import { urlOf } from '../tenants/index.ts';
import { presentGrant } from './support.presenter.ts';
import type { GrantRow } from './support.repository.ts';

const pageOf = (rows: GrantRow[], actor: Actor) => ({
  count: rows.length,
  next: null,
  previous: null,
  results: rows.map((row) => presentGrant(row, actor)),
});

export const supportRoutes = (services: Services): BoundRoute[] => {
  const { support, sessionCookie, base } = services;
  return [
    bind(contracts.listSupport, async ({ params, actor }) => pageOf(await support.list(params.id), actor)),
    bind(contracts.askSupport, async ({ params, body, origin, actor }) =>
      presentGrant(await support.ask(origin, params.id, body.reason), actor),
    ),
    bind(contracts.enterBySupport, async ({ params, origin }) => {
      const { token, host, expiresAt } = await support.entry(origin, params.id, params.gid);
      // In the fragment: it reaches no server's log and no other site.
      return {
        url: `${urlOf(base, host)}/support/arrive#${token}`,
        token,
        expires_at: expiresAt.toISOString(),
      };
    }),
    bind(contracts.endSupport, async ({ params, origin, actor }) =>
      presentGrant(await support.end(origin, params.id, params.gid), actor),
    ),
    bind(contracts.listOwnSupport, async (call) => pageOf(await support.list(schoolOf(call).id), call.actor)),
    bind(contracts.grantSupport, async (call) =>
      presentGrant(
        await support.answer(call.origin, schoolOf(call).id, call.params.id, call.body.hours),
        call.actor,
      ),
    ),
    bind(contracts.refuseSupport, async (call) =>
      presentGrant(await support.answer(call.origin, schoolOf(call).id, call.params.id, null), call.actor),
    ),
    bind(contracts.endOwnSupport, async (call) =>
      presentGrant(await support.end(call.origin, schoolOf(call).id, call.params.id), call.actor),
    ),
    bind(contracts.supportNow, async (call) => {
      const { active, asked, mine } = await support.now(schoolOf(call).id, call.actor);
      return {
        active: active.map((row) => ({
          id: row.id,
          by: row.asked_by_label,
          granted_by: row.decided_by_label ?? '',
          until: (row.expires_at as Date).toISOString(),
        })),
        asked,
        mine,
      };
    }),
    bind(contracts.leaveSupport, async (call) => {
      await support.leave(call.origin, schoolOf(call).id);
      sessionCookie.clear(call.reply);
      return undefined;
    }),
    bind(contracts.arriveBySupport, async (call) => {
      const { token, actor } = await support.arrive(
        schoolOf(call),
        call.body.token,
        call.origin,
        userAgentOf(call),
      );
      await handOver(services, call, token);
      return presentMe(actor);
    }),
  ];
};
