import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import {
  DateTime,
  Email,
  Id,
  Nullable,
  Page,
  PageQuery,
  Phone,
  Subdomain,
  Uai,
  Url,
  Uuid,
} from './fields.ts';
import { SCHOOL_TYPES, SIGNUP_POLICIES, SIGNUP_STATUSES } from './vocabulary.ts';

const closed = { additionalProperties: false } as const;
const SignupStatus = Type.Enum([...SIGNUP_STATUSES]);
/** A network is the platform's to make. */
const SchoolType = Type.Enum(SCHOOL_TYPES.filter((type) => type !== 'network'));
const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength, format: 'not-blank' });

const Step = Type.Object({
  name: Type.String({
    description: 'proof, details, review, then the steps that build the space, then open',
  }),
  status: Type.Enum(['waiting', 'running', 'done', 'failed']),
});
export type SignupStep = Static<typeof Step>;

const asked = {
  id: Uuid,
  status: SignupStatus,
  email: Type.String(),
  full_name: Type.String(),
  school_name: Type.String(),
  school_type: Type.Enum([...SCHOOL_TYPES]),
  subdomain: Nullable(Type.String()),
  phone: Nullable(Type.String()),
  address: Nullable(Type.String()),
  postal_code: Nullable(Type.String()),
  city: Nullable(Type.String()),
  website: Nullable(Type.String()),
  uai: Nullable(Type.String()),
  message: Nullable(Type.String()),
  reason: Nullable(Type.String({ description: 'Why it was refused' })),
  created_at: DateTime,
  submitted_at: Nullable(DateTime),
  decided_at: Nullable(DateTime),
};

/** A request as whoever made it sees it. */
export const Signup = Type.Object({
  ...asked,
  suggested_subdomain: Nullable(Type.String({ description: 'Made from the name of the school, and free' })),
  steps: Type.Array(Step),
  school_url: Nullable(Type.String()),
});
export type Signup = Static<typeof Signup>;

/** A request as it waits for a decision. */
export const SignupRequest = Type.Object({
  ...asked,
  decided_by: Nullable(Type.String()),
  failure: Nullable(Type.String({ description: 'Why the school could not be made' })),
  tenant_id: Nullable(Uuid),
  subdomain_taken: Type.Boolean({ description: 'Whether the address has gone to a school meanwhile' }),
});
export type SignupRequest = Static<typeof SignupRequest>;

export const SignupSettings = Type.Object(
  {
    policy: Type.Enum([...SIGNUP_POLICIES], {
      description:
        'Nobody may ask; a super-admin decides; or requests are granted by themselves within the limits',
    }),
    automatic_per_day: Type.Integer({
      minimum: 0,
      maximum: 1_000,
      description: 'Granted by themselves in 24 hours; those beyond wait for a decision',
    }),
    automatic_domains: Type.Array(Type.String({ format: 'domain', maxLength: 260 }), {
      maxItems: 100,
      description: 'Only addresses of these domains are granted by themselves; of any when empty',
    }),
    requests_per_day: Type.Integer({
      minimum: 1,
      maximum: 10_000,
      description: 'Taken in 24 hours, over all',
    }),
  },
  closed,
);
export type SignupSettings = Static<typeof SignupSettings>;
export const DEFAULT_SIGNUP_SETTINGS: SignupSettings = {
  policy: 'approval',
  automatic_per_day: 10,
  automatic_domains: [],
  requests_per_day: 200,
};

/** A minute, of one address: the page looks once a second while the space is built. */
const LOOKS = 120;
const requester = { zone: 'platform', tag: 'signup', permission: 'anyone' } as const;
const KeyHeader = Type.Object({
  'signup-key': Type.String({
    minLength: 20,
    maxLength: 100,
    description: 'The secret of the mailed link, or the one that the six digits were exchanged for',
  }),
});

export const signupOptions = defineRoute({
  ...requester,
  name: 'getSignupOptions',
  method: 'GET',
  path: '/signup/options/',
  summary: 'Whether schools may be asked for here, and who decides',
  success: {
    status: 200,
    schema: Type.Object({ policy: Type.Enum([...SIGNUP_POLICIES]) }),
  },
});

export const SignupAsk = Type.Object(
  {
    email: Email,
    full_name: Text(200),
    school_name: Text(200),
    school_type: SchoolType,
    fax: Type.Optional(
      Type.String({
        maxLength: 200,
        description: 'Leave it out: people do not see it, programs that fill everything do',
      }),
    ),
  },
  closed,
);
export type SignupAsk = Static<typeof SignupAsk>;
export const askSignup = defineRoute({
  ...requester,
  name: 'askSignup',
  method: 'POST',
  path: '/signup/',
  rateLimit: 10,
  attempts: 'mails',
  summary: 'Ask for a school: a code goes to the address',
  body: SignupAsk,
  success: { status: 200, schema: Type.Object({ signup_id: Uuid, expires_at: DateTime }) },
  errors: ['signup_closed'],
});

export const verifySignup = defineRoute({
  ...requester,
  name: 'verifySignup',
  method: 'POST',
  path: '/signup/verify/',
  rateLimit: LOOKS,
  attempts: 'secrets',
  summary: 'Prove the address; answers the key that opens the request from then on',
  body: Type.Object(
    {
      signup_id: Uuid,
      code: Type.String({
        minLength: 6,
        maxLength: 100,
        description: 'The six digits, or the secret of the link',
      }),
    },
    closed,
  ),
  success: { status: 200, schema: Type.Object({ key: Type.String(), signup: Signup }) },
  errors: ['link_unknown', 'link_expired', 'wrong_code'],
});

export const getSignup = defineRoute({
  ...requester,
  name: 'getSignup',
  method: 'GET',
  path: '/signup/:id/',
  rateLimit: LOOKS,
  summary: 'The state of one’s request, step by step',
  params: Id,
  headers: KeyHeader,
  success: { status: 200, schema: Signup },
  errors: ['link_unknown'],
});

export const checkSignupSubdomain = defineRoute({
  ...requester,
  name: 'checkSignupSubdomain',
  method: 'POST',
  path: '/signup/:id/check_subdomain/',
  rateLimit: 60,
  summary: 'Whether a subdomain can be had, and one that can; so many times a request',
  params: Id,
  headers: KeyHeader,
  body: Type.Object({ subdomain: Type.String({ minLength: 1, maxLength: 63 }) }, closed),
  success: {
    status: 200,
    schema: Type.Object({
      subdomain: Type.String(),
      available: Type.Boolean(),
      problem: Nullable(Type.String({ description: 'What is wrong with it, in the reader’s language' })),
      suggestion: Nullable(Type.String()),
    }),
  },
  errors: ['link_unknown', 'too_many_requests'],
});

export const SignupDetails = Type.Object(
  {
    school_name: Text(200),
    school_type: SchoolType,
    subdomain: Subdomain,
    phone: Phone,
    address: Text(300),
    postal_code: Text(20),
    city: Text(100),
    website: Type.Optional(Nullable(Url)),
    uai: Type.Optional(Nullable(Uai)),
    message: Type.Optional(Nullable(Type.String({ maxLength: 2_000 }))),
  },
  closed,
);
export type SignupDetails = Static<typeof SignupDetails>;
export const submitSignup = defineRoute({
  ...requester,
  name: 'submitSignup',
  method: 'POST',
  path: '/signup/:id/submit/',
  rateLimit: 10,
  summary: 'Describe the school and hand the request in; the address is held for it',
  params: Id,
  headers: KeyHeader,
  body: SignupDetails,
  success: { status: 200, schema: Signup },
  errors: [
    'link_unknown',
    'signup_closed',
    'signup_decided',
    'signups_waiting',
    'subdomain_taken',
    'uai_taken',
  ],
});

export const withdrawSignup = defineRoute({
  ...requester,
  name: 'withdrawSignup',
  method: 'POST',
  path: '/signup/:id/withdraw/',
  rateLimit: 10,
  summary: 'Take one’s request back, as long as it was not granted',
  params: Id,
  headers: KeyHeader,
  success: { status: 200, schema: Signup },
  errors: ['link_unknown', 'signup_decided'],
});

export const enterSignup = defineRoute({
  ...requester,
  name: 'enterSignup',
  method: 'POST',
  path: '/signup/:id/enter/',
  rateLimit: 10,
  summary: 'A way into the school that was made, as its first administrator',
  params: Id,
  headers: KeyHeader,
  success: { status: 200, schema: Type.Object({ url: Type.String() }) },
  errors: ['link_unknown', 'signup_not_open'],
});

const platform = { zone: 'platform', tag: 'signups' } as const;
export const SignupQuery = Type.Object(
  {
    ...PageQuery,
    status: Type.Optional(SignupStatus),
    search: Type.Optional(Type.String({ maxLength: 200 })),
  },
  closed,
);
export type SignupQuery = Static<typeof SignupQuery>;
export const listSignups = defineRoute({
  ...platform,
  name: 'listSignups',
  method: 'GET',
  path: '/signups/',
  permission: 'signups:read',
  summary: 'Requests for schools, those that wait first',
  query: SignupQuery,
  success: { status: 200, schema: Page(SignupRequest) },
});
export const getSignupRequest = defineRoute({
  ...platform,
  name: 'getSignupRequest',
  method: 'GET',
  path: '/signups/:id/',
  permission: 'signups:read',
  etag: true,
  summary: 'One request for a school',
  params: Id,
  success: { status: 200, schema: SignupRequest },
});
export const approveSignup = defineRoute({
  ...platform,
  name: 'approveSignup',
  method: 'POST',
  path: '/signups/:id/approve/',
  permission: 'signups:decide',
  etag: true,
  summary: 'Grant a request, under another address where wanted: the school is made and the requester told',
  params: Id,
  body: Type.Object({ subdomain: Type.Optional(Subdomain) }, closed),
  success: { status: 200, schema: SignupRequest },
  errors: ['signup_decided', 'subdomain_taken'],
});
export const refuseSignup = defineRoute({
  ...platform,
  name: 'refuseSignup',
  method: 'POST',
  path: '/signups/:id/refuse/',
  permission: 'signups:decide',
  etag: true,
  summary: 'Refuse a request; the reason is mailed to the requester',
  params: Id,
  body: Type.Object({ reason: Text(2_000) }, closed),
  success: { status: 200, schema: SignupRequest },
  errors: ['signup_decided'],
});
export const getSignupSettings = defineRoute({
  ...platform,
  name: 'getSignupSettings',
  method: 'GET',
  path: '/signups/settings/',
  permission: 'signups:read',
  summary: 'How requests for schools are dealt with',
  success: { status: 200, schema: SignupSettings },
});
export const updateSignupSettings = defineRoute({
  ...platform,
  name: 'updateSignupSettings',
  method: 'PATCH',
  path: '/signups/settings/',
  permission: 'signups:decide',
  summary: 'Change how requests for schools are dealt with',
  body: Type.Partial(SignupSettings, { ...closed, minProperties: 1 }),
  success: { status: 200, schema: SignupSettings },
});
