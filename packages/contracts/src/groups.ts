import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DateTime, Id, Nullable, Page, PageQuery, Uuid } from './fields.ts';
import { SCHOOL_ROLES } from './vocabulary.ts';

const closed = { additionalProperties: false } as const;
/** More than any school has people; a bound on one request. */
export const MOST_GROUP_MEMBERS = 5_000;

export const Group = Type.Object({
  id: Uuid,
  name: Type.String(),
  description: Type.String(),
  source: Nullable(
    Type.String({
      description: 'What keeps the group up to date: `class`; null for one that is kept by hand',
    }),
  ),
  member_count: Type.Integer(),
  created_at: DateTime,
  updated_at: DateTime,
});
export type Group = Static<typeof Group>;

export const GroupMember = Type.Object({
  id: Uuid,
  full_name: Type.String(),
  role: Type.Enum([...SCHOOL_ROLES]),
  added_at: DateTime,
});
export type GroupMember = Static<typeof GroupMember>;

export const GroupInput = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100, format: 'not-blank' }),
    description: Type.Optional(Type.String({ maxLength: 1_000, default: '' })),
  },
  closed,
);
export type GroupInput = Static<typeof GroupInput>;

export const GroupQuery = Type.Object(
  {
    ...PageQuery,
    search: Type.Optional(Type.String({ maxLength: 200 })),
    member: Type.Optional(Uuid),
    mine: Type.Optional(Type.Boolean({ description: 'Only those one is in' })),
  },
  closed,
);
export type GroupQuery = Static<typeof GroupQuery>;

export const GroupMemberIds = Type.Object(
  { user_ids: Type.Array(Uuid, { maxItems: MOST_GROUP_MEMBERS, uniqueItems: true }) },
  closed,
);

const groups = { tag: 'groups', zone: 'tenant', permission: 'groups:manage' } as const;

export const listGroups = defineRoute({
  ...groups,
  name: 'listGroups',
  method: 'GET',
  path: '/groups/',
  permission: 'groups:read',
  summary: 'Groups of the school by name; students and parents see those they are in',
  query: GroupQuery,
  success: { status: 200, schema: Page(Group) },
});
export const createGroup = defineRoute({
  ...groups,
  name: 'createGroup',
  method: 'POST',
  path: '/groups/',
  summary: 'Make a group',
  body: GroupInput,
  success: { status: 201, schema: Group },
});
export const getGroup = defineRoute({
  ...groups,
  name: 'getGroup',
  method: 'GET',
  path: '/groups/:id/',
  permission: 'groups:read',
  etag: true,
  summary: 'One group',
  params: Id,
  success: { status: 200, schema: Group },
});
export const putGroup = defineRoute({
  ...groups,
  name: 'putGroup',
  method: 'PUT',
  path: '/groups/:id/',
  etag: true,
  summary: 'Change what a group is called and what is said of it',
  params: Id,
  body: GroupInput,
  success: { status: 200, schema: Group },
  errors: ['group_kept'],
});
export const deleteGroup = defineRoute({
  ...groups,
  name: 'deleteGroup',
  method: 'DELETE',
  path: '/groups/:id/',
  etag: true,
  summary: 'Delete a group; its members stay members of the school',
  params: Id,
  success: { status: 204 },
  errors: ['group_kept'],
});
export const listGroupMembers = defineRoute({
  ...groups,
  name: 'listGroupMembers',
  method: 'GET',
  path: '/groups/:id/members/',
  permission: 'groups:members',
  summary: 'Who is in a group, by name',
  params: Id,
  query: Type.Object(PageQuery, closed),
  success: { status: 200, schema: Page(GroupMember) },
});
export const addGroupMembers = defineRoute({
  ...groups,
  name: 'addGroupMembers',
  method: 'POST',
  path: '/groups/:id/members/',
  summary: 'Put members of the school into a group; who is in it already stays',
  params: Id,
  body: GroupMemberIds,
  success: { status: 200, schema: Group },
  errors: ['group_kept'],
});
export const setGroupMembers = defineRoute({
  ...groups,
  name: 'setGroupMembers',
  method: 'PUT',
  path: '/groups/:id/members/',
  summary: 'Say who is in a group: these members of the school and nobody else',
  params: Id,
  body: GroupMemberIds,
  success: { status: 200, schema: Group },
  errors: ['group_kept'],
});
export const removeGroupMember = defineRoute({
  ...groups,
  name: 'removeGroupMember',
  method: 'DELETE',
  path: '/groups/:id/members/:user/',
  summary: 'Take somebody out of a group',
  params: Type.Object({ id: Uuid, user: Uuid }, closed),
  success: { status: 204 },
  errors: ['group_kept'],
});
