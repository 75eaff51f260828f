import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DateTime } from './fields.ts';
import { Me } from './identity.ts';
import { ROLES } from './vocabulary.ts';

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
  errors: ['invitation_not_found'],
});
export const acceptInvitation = defineRoute({
  tag: 'auth',
  name: 'acceptInvitation',
  method: 'POST',
  path: '/invitations/:token/accept/',
  zone: 'tenant',
  permission: 'anyone',
  rateLimit: 10,
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
  errors: ['invitation_not_found', 'invalid_credentials', 'second_factor_required', 'second_factor_invalid'],
});
