import * as contracts from '@preau/contracts/members';
import { pageLinks } from '../../platform/pagination.ts';
import { expectedVersion, showVersion, withVersion } from '../../platform/versions.ts';
import type { Services } from '../../services.ts';
import { bind, schoolOf, type BoundRoute } from '../define-feature.ts';
import { presentMember } from './member.presenter.ts';

export const memberRoutes = ({ members }: Services): BoundRoute[] => [
  bind(contracts.listMembers, async (call) => {
    const { count, rows } = await members.list(schoolOf(call).id, call.query);
    return { count, ...pageLinks(call.reply, call.query, count), results: rows.map(presentMember) };
  }),
  bind(contracts.getMember, async (call) => {
    const row = await members.get(schoolOf(call).id, call.params.id);
    return withVersion(call, row.version, presentMember(row));
  }),
  bind(contracts.updateMember, async (call) => {
    const { params, body, origin, headers, reply } = call;
    const row = await members.update(schoolOf(call).id, params.id, body, origin, expectedVersion(headers));
    return showVersion(reply, row.version, presentMember(row));
  }),
  bind(contracts.removeMember, async (call) => {
    await members.remove(schoolOf(call).id, call.params.id, call.origin, expectedVersion(call.headers));
    return undefined;
  }),
  bind(contracts.approveMember, async (call) =>
    presentMember(await members.approve(schoolOf(call), call.params.id, call.body.role, call.origin)),
  ),
  bind(contracts.refuseMember, async (call) => {
    await members.refuse(schoolOf(call), call.params.id, call.body.reason, call.origin);
    return undefined;
  }),
  bind(contracts.endMemberSessions, async (call) => ({
    ended: await members.endSessions(schoolOf(call).id, call.params.id, call.origin),
  })),
  bind(contracts.listTenantMembers, async (call) => {
    const { count, rows } = await members.listFromOutside(call.params.id, call.query, call.origin);
    return { count, ...pageLinks(call.reply, call.query, count), results: rows.map(presentMember) };
  }),
];
