import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DateOnly, DateTime, Id, Nullable, Page, PageQuery, Phone, Uuid } from './fields.ts';
import { MEMBER_ORDERINGS, MEMBER_STATUSES, SCHOOL_ROLES } from './vocabulary.ts';

const SchoolRole = Type.Enum([...SCHOOL_ROLES]);
const closed = { additionalProperties: false } as const;

export const Member = Type.Object({
  id: Uuid,
  email: Type.String(),
  full_name: Type.String(),
  role: SchoolRole,
  status: Type.Enum([...MEMBER_STATUSES], { description: '`pending`: asks to be admitted, in this role' }),
  title: Nullable(Type.String({ description: 'What they are at this school: Maths teacher' })),
  phone: Nullable(Type.String()),
  created_at: DateTime,
  last_active_on: Nullable(DateOnly),
  open_sessions: Type.Integer({ description: 'Sessions at this school that have not ended' }),
});
export type Member = Static<typeof Member>;

export const MemberQuery = Type.Object(
  {
    ...PageQuery,
    search: Type.Optional(
      Type.String({ maxLength: 200, description: 'In name, e-mail and title; without case and accents' }),
    ),
    role: Type.Optional(SchoolRole),
    status: Type.Optional(Type.Enum([...MEMBER_STATUSES])),
    ordering: Type.Optional(
      Type.String({
        maxLength: 60,
        description: `One of ${MEMBER_ORDERINGS.join(', ')}; a leading - reverses`,
      }),
    ),
  },
  closed,
);
export type MemberQuery = Static<typeof MemberQuery>;

export const MemberPatch = Type.Object(
  {
    role: Type.Optional(SchoolRole),
    title: Type.Optional(Nullable(Type.String({ maxLength: 100, format: 'not-blank' }))),
    phone: Type.Optional(Nullable(Phone)),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type MemberPatch = Static<typeof MemberPatch>;

const members = { tag: 'members', zone: 'tenant', permission: 'members:manage' } as const;

export const listMembers = defineRoute({
  ...members,
  name: 'listMembers',
  method: 'GET',
  path: '/members/',
  permission: 'members:read',
  summary: 'Members of the school, and those who ask to be admitted',
  query: MemberQuery,
  success: { status: 200, schema: Page(Member) },
});
export const getMember = defineRoute({
  ...members,
  name: 'getMember',
  method: 'GET',
  path: '/members/:id/',
  permission: 'members:read',
  etag: true,
  summary: 'One member',
  params: Id,
  success: { status: 200, schema: Member },
});
export const updateMember = defineRoute({
  ...members,
  name: 'updateMember',
  method: 'PATCH',
  path: '/members/:id/',
  etag: true,
  summary: 'Change a member’s role, title or phone; with another role their sessions here end',
  params: Id,
  body: MemberPatch,
  success: { status: 200, schema: Member },
  errors: ['last_admin', 'member_waiting', 'seats_exhausted'],
});
export const removeMember = defineRoute({
  ...members,
  name: 'removeMember',
  method: 'DELETE',
  path: '/members/:id/',
  etag: true,
  summary: 'Take a member out of the school: their sessions here end; their account stays theirs',
  params: Id,
  success: { status: 204 },
  errors: ['last_admin', 'member_waiting'],
});
export const approveMember = defineRoute({
  ...members,
  name: 'approveMember',
  method: 'POST',
  path: '/members/:id/approve/',
  summary: 'Admit somebody who asked, in the role they asked for or another; a mail tells them',
  params: Id,
  body: Type.Object({ role: Type.Optional(SchoolRole) }, closed),
  success: { status: 200, schema: Member },
  errors: ['already_member', 'seats_exhausted'],
});
export const refuseMember = defineRoute({
  ...members,
  name: 'refuseMember',
  method: 'POST',
  path: '/members/:id/refuse/',
  summary: 'Turn down somebody who asked; a mail tells them, with the reason if there is one',
  params: Id,
  body: Type.Object(
    { reason: Type.Optional(Type.String({ minLength: 1, maxLength: 1000, format: 'not-blank' })) },
    closed,
  ),
  success: { status: 204 },
  errors: ['already_member'],
});
export const endMemberSessions = defineRoute({
  ...members,
  name: 'endMemberSessions',
  method: 'POST',
  path: '/members/:id/sessions/end/',
  summary: 'End all sessions of a member at this school at once',
  params: Id,
  success: { status: 200, schema: Type.Object({ ended: Type.Integer() }) },
});

export const listTenantMembers = defineRoute({
  tag: 'members',
  name: 'listTenantMembers',
  method: 'GET',
  path: '/tenants/:id/members/',
  zone: 'platform',
  permission: 'tenants:members',
  summary: 'Members of a school, for a super-admin; the reading leaves a trace in the school’s audit',
  params: Id,
  query: MemberQuery,
  success: { status: 200, schema: Page(Member) },
});
