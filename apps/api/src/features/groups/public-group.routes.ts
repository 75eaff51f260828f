import * as contracts from '@preau/contracts/public-groups';
import { pageLinks } from '../../platform/pagination.ts';
import { expectedVersion, showVersion, withVersion } from '../../platform/versions.ts';
import type { Services } from '../../services.ts';
import { mayDo, type Actor } from '../audit/index.ts';
import { bind, type BoundRoute } from '../define-feature.ts';
import type { PublicGroupMemberRow, PublicGroupRow } from './public-group.read-model.ts';
import { readerOf } from './public-group.service.ts';

const present = (row: PublicGroupRow, actor: Actor): contracts.PublicGroup => ({
  id: row.id,
  name: row.name,
  description: row.description,
  open_to: row.open_to,
  member_count: row.member_count,
  joined: row.joined,
  may_join:
    !row.joined &&
    readerOf(actor).userId !== null &&
    mayDo(actor, 'public_groups:join') &&
    actor.type === 'user' &&
    row.open_to.some((role) => role === actor.role),
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

const presentMember = (row: PublicGroupMemberRow): contracts.PublicGroupMember => ({
  id: row.id,
  full_name: row.full_name,
  role: row.role,
  school: { id: row.tenant_id, name: row.school_name },
  joined_at: row.joined_at.toISOString(),
});

export const publicGroupRoutes = ({ publicGroups }: Services): BoundRoute[] => [
  bind(contracts.listPublicGroups, async (call) => {
    const { count, rows } = await publicGroups.list(call.query, call.actor);
    return {
      count,
      ...pageLinks(call.reply, call.query, count),
      results: rows.map((row) => present(row, call.actor)),
    };
  }),
  bind(contracts.createPublicGroup, async (call) => {
    const row = await publicGroups.create(call.origin, call.body);
    call.reply.header('location', `/api/v1/public-groups/${row.id}/`);
    return showVersion(call.reply, row.version, present(row, call.actor));
  }),
  bind(contracts.getPublicGroup, async (call) => {
    const row = await publicGroups.get(call.params.id, call.actor);
    return withVersion(call, row.version, present(row, call.actor));
  }),
  bind(contracts.putPublicGroup, async (call) => {
    const { params, body, origin, headers, reply } = call;
    const row = await publicGroups.put(origin, params.id, body, expectedVersion(headers));
    return showVersion(reply, row.version, present(row, call.actor));
  }),
  bind(contracts.deletePublicGroup, async (call) => {
    await publicGroups.remove(call.origin, call.params.id, expectedVersion(call.headers));
    return undefined;
  }),
  bind(contracts.listPublicGroupMembers, async (call) => {
    const { count, rows } = await publicGroups.listMembers(call.origin, call.params.id, call.query);
    return { count, ...pageLinks(call.reply, call.query, count), results: rows.map(presentMember) };
  }),
  bind(contracts.joinPublicGroup, async (call) =>
    present(await publicGroups.join(call.origin, call.params.id), call.actor),
  ),
  bind(contracts.leavePublicGroup, async (call) =>
    present(await publicGroups.leave(call.origin, call.params.id), call.actor),
  ),
  bind(contracts.removePublicGroupMember, async (call) => {
    await publicGroups.removeMember(call.origin, call.params.id, call.params.user);
    return undefined;
  }),
];
