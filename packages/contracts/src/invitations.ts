import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DateTime, Email, Id, Nullable, Page, PageQuery, Uuid } from './fields.ts';
import { Me } from './identity.ts';
import { INVITATION_STATUSES, ROLES, SCHOOL_ROLES } from './vocabulary.ts';

const Password = Type.String({ minLength: 1, maxLength: 1024 });

const Token = Type.Object(
  { token: Type.String({ minLength: 20, maxLength: 100 }) },
  { additionalProperties: false },
);
export const Invitation = Type.Object({
  email: Type.String(),
  role: Type.Enum([...ROLES]),
  expires_at: DateTime,
  account_exists: Type.Boolean(),
  password_min_length: Type.Integer(),
});
export type Invitation = Static<typeof Invitation>;
export const getInvitation = defineRoute({
  tag: 'auth',
  name: 'getInvitation',
  method: 'GET',
  path: '/invitations/:token/',
  zone: 'tenant',
  permission: 'anyone',
  rateLimit: 60,
  summary: 'What an invitation link offers',
  params: Token,
  success: { status: 200, schema: Invitation },
  errors: ['invitation_not_found', 'invitation_revoked', 'link_used', 'link_expired'],
});
export const acceptInvitation = defineRoute({
  tag: 'auth',
  name: 'acceptInvitation',
  method: 'POST',
  path: '/invitations/:token/accept/',
  zone: 'tenant',
  permission: 'anyone',
  rateLimit: 10,
  attempts: 'secrets',
  summary: 'Accept an invitation with a new password, or with the password of an existing account',
  params: Token,
  body: Type.Object(
    {
      full_name: Type.Optional(Type.String({ minLength: 1, maxLength: 200, format: 'not-blank' })),
      password: Password,
      code: Type.Optional(
        Type.String({ maxLength: 20, description: 'Second factor of an existing account' }),
      ),
    },
    { additionalProperties: false },
  ),
  success: { status: 200, schema: Me },
  errors: [
    'invitation_not_found',
    'invitation_revoked',
    'link_used',
    'link_expired',
    'invalid_credentials',
    'second_factor_required',
    'second_factor_invalid',
    'seats_exhausted',
  ],
});

const SchoolRole = Type.Enum([...SCHOOL_ROLES]);
export const SchoolInvitation = Type.Object({
  id: Uuid,
  email: Type.String(),
  role: SchoolRole,
  status: Type.Enum([...INVITATION_STATUSES]),
  inviter: Nullable(Type.String({ description: 'Null when the platform invited' })),
  created_at: DateTime,
  sent_at: DateTime,
  expires_at: DateTime,
});
export type SchoolInvitation = Static<typeof SchoolInvitation>;
export const SentInvitation = Type.Object({
  ...SchoolInvitation.properties,
  invitation_url: Type.String({ description: 'Mailed as well; shown once' }),
});
export type SentInvitation = Static<typeof SentInvitation>;

export const InvitationQuery = Type.Object(
  {
    ...PageQuery,
    status: Type.Optional(Type.Enum([...INVITATION_STATUSES])),
    role: Type.Optional(SchoolRole),
    search: Type.Optional(Type.String({ maxLength: 200, description: 'In the address' })),
  },
  { additionalProperties: false },
);
export type InvitationQuery = Static<typeof InvitationQuery>;

const inviting = { tag: 'members', zone: 'tenant', permission: 'members:invite' } as const;
export const listInvitations = defineRoute({
  ...inviting,
  name: 'listInvitations',
  method: 'GET',
  path: '/invitations/',
  summary: 'Invitations of the school, latest first',
  query: InvitationQuery,
  success: { status: 200, schema: Page(SchoolInvitation) },
});
export const createInvitation = defineRoute({
  ...inviting,
  name: 'createInvitation',
  method: 'POST',
  path: '/invitations/',
  rateLimit: 120,
  summary: 'Invite an address in a role: a mail brings the link, which is shown once as well',
  body: Type.Object({ email: Email, role: SchoolRole }, { additionalProperties: false }),
  success: { status: 201, schema: SentInvitation },
  errors: ['already_member', 'seats_exhausted', 'invitations_closed'],
});
export const resendInvitation = defineRoute({
  ...inviting,
  name: 'resendInvitation',
  method: 'POST',
  path: '/invitations/:id/resend/',
  rateLimit: 60,
  summary: 'Send a new link for an invitation; the one before ends',
  params: Id,
  success: { status: 200, schema: SentInvitation },
  errors: ['link_used', 'invitations_closed'],
});
export const revokeInvitation = defineRoute({
  ...inviting,
  name: 'revokeInvitation',
  method: 'DELETE',
  path: '/invitations/:id/',
  summary: 'Take an invitation back',
  params: Id,
  success: { status: 204 },
  errors: ['link_used'],
});
