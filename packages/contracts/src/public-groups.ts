import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DateTime, Id, Page, PageQuery, Uuid } from './fields.ts';
import { SCHOOL_ROLES } from './vocabulary.ts';

const closed = { additionalProperties: false } as const;
const Role = Type.Enum([...SCHOOL_ROLES]);

export const PublicGroup = Type.Object({
  id: Uuid,
  name: Type.String(),
  description: Type.String(),
  open_to: Type.Array(Role, { description: 'Roles at a school whose holders may join' }),
  member_count: Type.Integer(),
  joined: Type.Boolean({ description: 'Whether the reader is in it, as a member of this school' }),
  may_join: Type.Boolean(),
  created_at: DateTime,
  updated_at: DateTime,
});
export type PublicGroup = Static<typeof PublicGroup>;

export const PublicGroupMember = Type.Object({
  id: Uuid,
  full_name: Type.String(),
  role: Role,
  school: Type.Object({ id: Uuid, name: Type.String() }),
  joined_at: DateTime,
});
export type PublicGroupMember = Static<typeof PublicGroupMember>;

export const PublicGroupInput = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100, format: 'not-blank' }),
    description: Type.Optional(Type.String({ maxLength: 1_000, default: '' })),
    open_to: Type.Optional(
      Type.Array(Role, { minItems: 1, uniqueItems: true, description: 'Adults of a school unless told' }),
    ),
  },
  closed,
);
export type PublicGroupInput = Static<typeof PublicGroupInput>;

export const PublicGroupQuery = Type.Object(
  { ...PageQuery, search: Type.Optional(Type.String({ maxLength: 200 })) },
  closed,
);
export type PublicGroupQuery = Static<typeof PublicGroupQuery>;

const groups = { tag: 'public-groups', zone: 'public', permission: 'public_groups:manage' } as const;

export const listPublicGroups = defineRoute({
  ...groups,
  name: 'listPublicGroups',
  method: 'GET',
  path: '/public-groups/',
  permission: 'public_groups:read',
  summary: 'Groups across schools, by name',
  query: PublicGroupQuery,
  success: { status: 200, schema: Page(PublicGroup) },
});
export const createPublicGroup = defineRoute({
  ...groups,
  name: 'createPublicGroup',
  method: 'POST',
  path: '/public-groups/',
  summary: 'Make a group across schools',
  body: PublicGroupInput,
  success: { status: 201, schema: PublicGroup },
});
export const getPublicGroup = defineRoute({
  ...groups,
  name: 'getPublicGroup',
  method: 'GET',
  path: '/public-groups/:id/',
  permission: 'public_groups:read',
  etag: true,
  summary: 'One group across schools',
  params: Id,
  success: { status: 200, schema: PublicGroup },
});
export const putPublicGroup = defineRoute({
  ...groups,
  name: 'putPublicGroup',
  method: 'PUT',
  path: '/public-groups/:id/',
  etag: true,
  summary: 'Change a group across schools; who is in it stays, whoever it is open to from now on',
  params: Id,
  body: PublicGroupInput,
  success: { status: 200, schema: PublicGroup },
});
export const deletePublicGroup = defineRoute({
  ...groups,
  name: 'deletePublicGroup',
  method: 'DELETE',
  path: '/public-groups/:id/',
  etag: true,
  summary: 'Delete a group across schools',
  params: Id,
  success: { status: 204 },
});
export const listPublicGroupMembers = defineRoute({
  ...groups,
  name: 'listPublicGroupMembers',
  method: 'GET',
  path: '/public-groups/:id/members/',
  permission: 'public_groups:members',
  summary: 'Who is in a group across schools, for a super-admin; the reading leaves a trace',
  params: Id,
  query: Type.Object(PageQuery, closed),
  success: { status: 200, schema: Page(PublicGroupMember) },
});
export const joinPublicGroup = defineRoute({
  ...groups,
  name: 'joinPublicGroup',
  method: 'POST',
  path: '/public-groups/:id/join/',
  permission: 'public_groups:join',
  summary: 'Enter a group across schools, as a member of this school',
  params: Id,
  success: { status: 200, schema: PublicGroup },
  errors: ['group_not_open'],
});
export const leavePublicGroup = defineRoute({
  ...groups,
  name: 'leavePublicGroup',
  method: 'POST',
  path: '/public-groups/:id/leave/',
  permission: 'public_groups:join',
  summary: 'Leave a group across schools',
  params: Id,
  success: { status: 200, schema: PublicGroup },
});
export const removePublicGroupMember = defineRoute({
  ...groups,
  name: 'removePublicGroupMember',
  method: 'DELETE',
  path: '/public-groups/:id/members/:user/',
  permission: 'public_groups:members',
  summary: 'Take somebody out of a group across schools',
  params: Type.Object({ id: Uuid, user: Uuid }, closed),
  success: { status: 204 },
});
