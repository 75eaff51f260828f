import * as contracts from '@preau/contracts/groups';
import { pageLinks } from '../../platform/pagination.ts';
import { expectedVersion, showVersion, withVersion } from '../../platform/versions.ts';
import type { Services } from '../../services.ts';
import { bind, schoolOf, type BoundRoute } from '../define-feature.ts';
import type { GroupRow } from './group.read-model.ts';

const present = (row: GroupRow): contracts.Group => ({
  id: row.id,
  name: row.name,
  description: row.description,
  source: row.source,
  member_count: row.member_count,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

export const groupRoutes = ({ groups }: Services): BoundRoute[] => [
  bind(contracts.listGroups, async (call) => {
    const { count, rows } = await groups.list(schoolOf(call), call.query, call.actor);
    return { count, ...pageLinks(call.reply, call.query, count), results: rows.map(present) };
  }),
  bind(contracts.createGroup, async (call) => {
    const row = await groups.create(schoolOf(call), call.origin, call.body);
    call.reply.header('location', `/api/v1/groups/${row.id}/`);
    return showVersion(call.reply, row.version, present(row));
  }),
  bind(contracts.getGroup, async (call) => {
    const row = await groups.get(schoolOf(call), call.params.id, call.actor);
    return withVersion(call, row.version, present(row));
  }),
  bind(contracts.putGroup, async (call) => {
    const { params, body, origin, headers, reply } = call;
    const row = await groups.put(schoolOf(call), origin, params.id, body, expectedVersion(headers));
    return showVersion(reply, row.version, present(row));
  }),
  bind(contracts.deleteGroup, async (call) => {
    await groups.remove(schoolOf(call), call.origin, call.params.id, expectedVersion(call.headers));
    return undefined;
  }),
  bind(contracts.listGroupMembers, async (call) => {
    const { count, rows } = await groups.listMembers(schoolOf(call), call.params.id, call.query);
    return {
      count,
      ...pageLinks(call.reply, call.query, count),
      results: rows.map((row) => ({ ...row, added_at: row.added_at.toISOString() })),
    };
  }),
  bind(contracts.addGroupMembers, async (call) =>
    present(await groups.addMembers(schoolOf(call), call.origin, call.params.id, call.body.user_ids)),
  ),
  bind(contracts.setGroupMembers, async (call) =>
    present(await groups.setMembers(schoolOf(call), call.origin, call.params.id, call.body.user_ids)),
  ),
  bind(contracts.removeGroupMember, async (call) => {
    await groups.removeMember(schoolOf(call), call.origin, call.params.id, call.params.user);
    return undefined;
  }),
];
