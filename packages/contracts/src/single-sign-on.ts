import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { Nullable, Url } from './fields.ts';
import { Me } from './identity.ts';

const closed = { additionalProperties: false };
const school = { tag: 'auth', zone: 'tenant', permission: 'school:sign_in' } as const;
const visitors = { tag: 'auth', zone: 'tenant', permission: 'anyone' } as const;

export const MAPPED_ROLES = ['admin', 'teacher', 'student', 'parent', 'staff'] as const;
export const DEFAULT_ROLES = ['teacher', 'student', 'parent', 'staff'] as const;

export const RoleRule = Type.Object(
  {
    value: Type.String({ minLength: 1, maxLength: 200, description: 'What the claim is, or contains' }),
    role: Type.Enum([...MAPPED_ROLES]),
  },
  closed,
);
export type RoleRule = Static<typeof RoleRule>;

const fields = {
  enabled: Type.Boolean(),
  label: Type.String({ minLength: 1, maxLength: 60, format: 'not-blank', description: 'On the button' }),
  issuer: Url,
  client_id: Type.String({ minLength: 1, maxLength: 300, format: 'not-blank' }),
  scopes: Type.String({
    pattern: '^openid( [!-~]+)*$',
    maxLength: 300,
    description: 'Separated by spaces, openid first',
  }),
  role_claim: Type.String({ maxLength: 100, description: 'Whose values the rules are about; empty: none' }),
  role_rules: Type.Array(RoleRule, { maxItems: 50, description: 'The first that fits decides' }),
  default_role: Nullable(Type.Enum([...DEFAULT_ROLES])),
  creates_members: Type.Boolean({ description: 'Whether a first log-in makes a member' }),
  email_domains: Type.Array(Type.String({ format: 'domain' }), {
    maxItems: 50,
    uniqueItems: true,
    description: 'Of addresses that are let in; empty: of all',
  }),
  password_log_in: Type.Boolean({
    description: 'Whether members may also use their password; administrators always may',
  }),
  counts_as_second_factor: Type.Boolean({ description: 'Whether the provider asks for one itself' }),
};

export const SingleSignOn = Type.Object({
  ...fields,
  redirect_uri: Type.String({ description: 'To be told to the provider' }),
});
export type SingleSignOn = Static<typeof SingleSignOn>;
export const SingleSignOnInput = Type.Object(
  {
    ...fields,
    client_secret: Type.Optional(
      Type.String({ minLength: 1, maxLength: 1_000, description: 'The one that is kept when absent' }),
    ),
  },
  closed,
);
export type SingleSignOnInput = Static<typeof SingleSignOnInput>;

export const getSingleSignOn = defineRoute({
  ...school,
  name: 'getSingleSignOn',
  method: 'GET',
  path: '/single_sign_on/',
  summary: 'The school’s own provider of log-ins; its secret is never shown',
  success: {
    status: 200,
    schema: Type.Object({ provider: Nullable(SingleSignOn), redirect_uri: Type.String() }),
  },
});
export const putSingleSignOn = defineRoute({
  ...school,
  name: 'putSingleSignOn',
  method: 'PUT',
  path: '/single_sign_on/',
  rateLimit: 60,
  summary: 'Set the school’s provider, which is asked at once whether it answers',
  body: SingleSignOnInput,
  success: { status: 200, schema: SingleSignOn },
  errors: ['sso_provider_unreachable'],
});
export const deleteSingleSignOn = defineRoute({
  ...school,
  name: 'deleteSingleSignOn',
  method: 'DELETE',
  path: '/single_sign_on/',
  summary: 'Do without a provider; members log in with their passwords',
  success: { status: 204 },
});

export const getSignInMethods = defineRoute({
  ...visitors,
  name: 'getSignInMethods',
  method: 'GET',
  path: '/auth/sso/',
  summary: 'How one may log in at this school',
  success: {
    status: 200,
    schema: Type.Object({
      provider: Nullable(Type.Object({ label: Type.String() })),
      password: Type.Boolean({ description: 'Whether members who are no administrators may use one' }),
    }),
  },
});
export const beginSingleSignOn = defineRoute({
  ...visitors,
  name: 'beginSingleSignOn',
  method: 'POST',
  path: '/auth/sso/begin/',
  rateLimit: 300,
  summary: 'Begin a log-in at the school’s provider; this browser alone can end it',
  success: { status: 200, schema: Type.Object({ url: Type.String() }) },
  errors: ['sso_not_configured', 'sso_provider_unreachable'],
});
export const endSingleSignOn = defineRoute({
  ...visitors,
  name: 'endSingleSignOn',
  method: 'POST',
  path: '/auth/sso/end/',
  rateLimit: 300,
  summary: 'Open a session with what the provider sent the browser back with',
  body: Type.Object(
    { answer: Type.String({ maxLength: 8_000, description: 'The query of the address, as it came' }) },
    closed,
  ),
  success: { status: 200, schema: Me },
  errors: [
    'sso_not_configured',
    'sso_provider_unreachable',
    'sso_refused',
    'sso_email_unverified',
    'sso_not_a_member',
    'membership_pending',
  ],
});
