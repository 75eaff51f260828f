import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DateTime, Email, Id, Nullable, Page, Uuid } from './fields.ts';
import { Me } from './identity.ts';
import { ASKABLE_ROLES, REGISTRATIONS, ROLES, SCHOOL_TYPES, TENANT_STATUSES } from './vocabulary.ts';

const Password = Type.String({ minLength: 1, maxLength: 1024 });
const FullName = Type.String({ minLength: 1, maxLength: 200, format: 'not-blank' });
const Secret = Type.String({ minLength: 6, maxLength: 100 });
const AskableRole = Type.Enum([...ASKABLE_ROLES]);
const closed = { additionalProperties: false } as const;
/** A minute, of one address: a few classes may open their links at the same time. What they show is too long to be guessed. */
const CLASSES = 120;
const auth = { tag: 'auth', zone: 'public' } as const;

export const AuthOptions = Type.Object({
  registration: Type.Enum([...REGISTRATIONS]),
  password_min_length: Type.Integer(),
});
export type AuthOptions = Static<typeof AuthOptions>;
export const authOptions = defineRoute({
  ...auth,
  name: 'getAuthOptions',
  method: 'GET',
  path: '/auth/options/',
  permission: 'anyone',
  summary: 'What the log-in page of this host offers',
  success: { status: 200, schema: AuthOptions },
});

const registering = { tag: 'auth', zone: 'tenant', permission: 'anyone' } as const;
export const register = defineRoute({
  ...registering,
  name: 'register',
  method: 'POST',
  path: '/auth/register/',
  rateLimit: 10,
  attempts: 'mails',
  summary: 'Ask to become a member: a mail with a code goes to the address, whether or not it has an account',
  body: Type.Object({ email: Email, full_name: FullName, role: AskableRole }, closed),
  success: { status: 200, schema: Type.Object({ registration_id: Uuid, expires_at: DateTime }) },
  errors: ['registration_closed'],
});
const Proof = {
  registration_id: Uuid,
  code: Type.String({
    minLength: 6,
    maxLength: 100,
    description: 'The six digits, or the secret of the link',
  }),
};
export const OpenedRegistration = Type.Object({
  email: Type.String(),
  full_name: Type.String(),
  role: AskableRole,
  account_exists: Type.Boolean(),
  password_min_length: Type.Integer(),
  expires_at: DateTime,
});
export type OpenedRegistration = Static<typeof OpenedRegistration>;
export const openRegistration = defineRoute({
  ...registering,
  name: 'openRegistration',
  method: 'POST',
  path: '/auth/register/open/',
  rateLimit: CLASSES,
  attempts: 'secrets',
  summary: 'What a registration asks for, to whoever has its code',
  body: Type.Object(Proof, closed),
  success: { status: 200, schema: OpenedRegistration },
  errors: ['registration_closed', 'link_unknown', 'link_used', 'link_expired', 'wrong_code'],
});
export const verifyRegistration = defineRoute({
  ...registering,
  name: 'verifyRegistration',
  method: 'POST',
  path: '/auth/register/verify/',
  rateLimit: CLASSES,
  attempts: 'secrets',
  summary: 'Prove the address and choose a password; the school then decides',
  body: Type.Object(
    { ...Proof, full_name: Type.Optional(FullName), password: Type.Optional(Password) },
    closed,
  ),
  success: { status: 200, schema: Type.Object({ status: Type.Enum(['pending', 'active']) }) },
  errors: ['registration_closed', 'link_unknown', 'link_used', 'link_expired', 'wrong_code'],
});

export const requestReset = defineRoute({
  ...auth,
  name: 'requestPasswordReset',
  method: 'POST',
  path: '/auth/password/reset/',
  permission: 'anyone',
  rateLimit: 10,
  attempts: 'mails',
  summary: 'Ask for a link to choose a new password; the answer is the same for every address',
  body: Type.Object({ email: Email }, closed),
  success: { status: 204 },
});
export const confirmReset = defineRoute({
  ...auth,
  name: 'confirmPasswordReset',
  method: 'POST',
  path: '/auth/password/reset/confirm/',
  permission: 'anyone',
  rateLimit: CLASSES,
  summary: 'Choose a new password by the link of a mail; all sessions end',
  body: Type.Object({ token: Secret, password: Password }, closed),
  success: { status: 204 },
  errors: ['link_unknown', 'link_used', 'link_expired'],
});
export const changePassword = defineRoute({
  ...auth,
  name: 'changePassword',
  method: 'POST',
  path: '/auth/password/',
  permission: 'authenticated',
  rateLimit: 10,
  attempts: 'secrets',
  summary: 'Change one’s password; one’s other sessions end',
  body: Type.Object({ current_password: Password, new_password: Password }, closed),
  success: { status: 204 },
});
export const changeEmail = defineRoute({
  ...auth,
  name: 'changeEmail',
  method: 'POST',
  path: '/auth/email/',
  permission: 'authenticated',
  rateLimit: 10,
  attempts: 'secrets',
  summary: 'Ask to change one’s address: a link goes to the new one',
  body: Type.Object({ email: Email, current_password: Password }, closed),
  success: { status: 204 },
});
export const confirmEmail = defineRoute({
  ...auth,
  name: 'confirmEmail',
  method: 'POST',
  path: '/auth/email/confirm/',
  permission: 'anyone',
  rateLimit: CLASSES,
  summary: 'Confirm a new address by the link that it received; the old one is told',
  body: Type.Object({ token: Secret }, closed),
  success: { status: 200, schema: Type.Object({ email: Type.String() }) },
  errors: ['link_unknown', 'link_used', 'link_expired', 'email_taken'],
});
export const updateMe = defineRoute({
  ...auth,
  name: 'updateMe',
  method: 'PATCH',
  path: '/auth/me/',
  permission: 'authenticated',
  summary: 'Change one’s name',
  body: Type.Object({ full_name: FullName }, closed),
  success: { status: 200, schema: Me },
});

export const OwnSession = Type.Object({
  id: Uuid,
  current: Type.Boolean(),
  school: Nullable(Type.Object({ id: Uuid, name: Type.String() })),
  ip: Nullable(Type.String()),
  user_agent: Nullable(Type.String()),
  created_at: DateTime,
  last_seen_at: DateTime,
  expires_at: DateTime,
});
export type OwnSession = Static<typeof OwnSession>;
export const listSessions = defineRoute({
  ...auth,
  name: 'listSessions',
  method: 'GET',
  path: '/auth/sessions/',
  permission: 'authenticated',
  summary: 'One’s sessions, at every school and on the console',
  success: { status: 200, schema: Page(OwnSession) },
});
export const endSession = defineRoute({
  ...auth,
  name: 'endSession',
  method: 'DELETE',
  path: '/auth/sessions/:id/',
  permission: 'authenticated',
  summary: 'End one of one’s sessions at once',
  params: Id,
  success: { status: 204 },
});
export const endOtherSessions = defineRoute({
  ...auth,
  name: 'endOtherSessions',
  method: 'POST',
  path: '/auth/sessions/end_others/',
  permission: 'authenticated',
  summary: 'End all of one’s sessions but this one',
  success: { status: 200, schema: Type.Object({ ended: Type.Integer() }) },
});

export const discover = defineRoute({
  tag: 'auth',
  name: 'discoverSchools',
  method: 'POST',
  path: '/auth/discover/',
  zone: 'platform',
  permission: 'anyone',
  rateLimit: 10,
  attempts: 'mails',
  summary: 'Mail an address the schools it belongs to; the answer is the same for every address',
  body: Type.Object({ email: Email }, closed),
  success: { status: 204 },
});
export const OwnSchool = Type.Object({
  id: Uuid,
  name: Type.String(),
  school_type: Type.Enum([...SCHOOL_TYPES]),
  status: Type.Enum([...TENANT_STATUSES]),
  role: Type.Enum([...ROLES]),
  url: Type.String(),
  primary_color: Type.String(),
  logo_url: Nullable(Type.String()),
  current: Type.Boolean(),
});
export type OwnSchool = Static<typeof OwnSchool>;
export const listSchools = defineRoute({
  ...auth,
  name: 'listOwnSchools',
  method: 'GET',
  path: '/auth/schools/',
  permission: 'authenticated',
  summary: 'The schools one belongs to',
  success: { status: 200, schema: Page(OwnSchool) },
});
