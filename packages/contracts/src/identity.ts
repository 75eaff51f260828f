import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DateTime, Nullable, Uuid } from './fields.ts';
import { ROLES } from './vocabulary.ts';

/** Who is logged in, on the console (`superadmin`) or in one school. */
export const Me = Type.Object({
  id: Uuid,
  email: Type.String(),
  full_name: Type.String(),
  role: Type.Enum([...ROLES]),
  permissions: Type.Array(Type.String()),
  tenant_id: Nullable(Uuid),
  session_expires_at: DateTime,
  support: Type.Boolean({ description: 'Somebody of the platform, let into the school by its consent' }),
  must_enrol: Type.Boolean({
    description: 'A second factor is demanded here and not set up: nothing else can be done before',
  }),
});
export type Me = Static<typeof Me>;

const Password = Type.String({ minLength: 1, maxLength: 1024 });

export const login = defineRoute({
  tag: 'auth',
  name: 'login',
  method: 'POST',
  path: '/auth/login/',
  zone: 'public',
  permission: 'anyone',
  rateLimit: 10,
  attempts: 'secrets',
  summary: 'Open a session on this host',
  body: Type.Object(
    {
      email: Type.String({ minLength: 1, maxLength: 254 }),
      password: Password,
      code: Type.Optional(
        Type.String({ maxLength: 20, description: 'Second factor, for accounts that have one' }),
      ),
    },
    { additionalProperties: false },
  ),
  success: { status: 200, schema: Me },
  errors: [
    'invalid_credentials',
    'second_factor_required',
    'second_factor_invalid',
    'membership_pending',
    'sso_only',
    'too_many_requests',
  ],
});
export const logout = defineRoute({
  tag: 'auth',
  name: 'logout',
  method: 'POST',
  path: '/auth/logout/',
  zone: 'public',
  permission: 'anyone',
  whenClosed: true,
  summary: 'End the session',
  success: { status: 204 },
});
export const me = defineRoute({
  tag: 'auth',
  name: 'me',
  method: 'GET',
  path: '/auth/me/',
  duringEnrolment: true,
  zone: 'public',
  permission: 'authenticated',
  summary: 'Who is logged in',
  success: { status: 200, schema: Me },
});
export const sessionEnd = defineRoute({
  tag: 'auth',
  name: 'sessionEnd',
  method: 'GET',
  path: '/auth/session/',
  zone: 'public',
  permission: 'authenticated',
  duringEnrolment: true,
  inBackground: true,
  summary: 'When the session ends if nobody uses it; asking is no use of it',
  success: { status: 200, schema: Type.Object({ expires_at: DateTime }) },
});
