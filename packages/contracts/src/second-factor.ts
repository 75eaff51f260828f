import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DateTime, Nullable } from './fields.ts';

const auth = { tag: 'auth', zone: 'public', permission: 'authenticated', duringEnrolment: true } as const;
// A whole school may sit behind one address; what is tried against an account is counted by `attempts`.
const secrets = { rateLimit: 60, attempts: 'secrets' } as const;
const closed = { additionalProperties: false };

const CurrentPassword = Type.String({ minLength: 1, maxLength: 1024 });
/** Of six digits, or a recovery code. */
const Code = Type.String({ minLength: 6, maxLength: 20 });
const RecoveryCodes = Type.Array(Type.String(), { description: 'Shown once; each works once' });

export const SecondFactor = Type.Object({
  required: Type.Boolean({ description: 'Whether one is demanded of this person at this address' }),
  missing: Type.Boolean({ description: 'Whether this session can do nothing else before one is set up' }),
  totp: Nullable(Type.Object({ since: DateTime })),
  passkeys: Type.Integer({ description: 'Passkeys for this school, or for the console' }),
  recovery_codes_left: Type.Integer(),
  has_password: Type.Boolean({
    description: 'Without a password the way in is another one: nothing to set up here',
  }),
});
export type SecondFactor = Static<typeof SecondFactor>;

export const getSecondFactor = defineRoute({
  ...auth,
  name: 'getSecondFactor',
  method: 'GET',
  path: '/auth/second_factor/',
  summary: 'One’s second factor',
  success: { status: 200, schema: SecondFactor },
});

export const TotpEnrolment = Type.Object({
  secret: Type.String({ description: 'For an application that cannot read the picture (base32)' }),
  uri: Type.String({ description: 'otpauth://' }),
  qr_svg: Type.String({ description: 'The same as a picture' }),
});
export type TotpEnrolment = Static<typeof TotpEnrolment>;
export const beginTotp = defineRoute({
  ...auth,
  ...secrets,
  name: 'beginTotp',
  method: 'POST',
  path: '/auth/second_factor/totp/',
  summary: 'Begin with an authenticator application; nothing changes until its first code is shown',
  body: Type.Object({ current_password: CurrentPassword }, closed),
  success: { status: 201, schema: TotpEnrolment },
  errors: ['second_factor_exists', 'second_factor_required'],
});
export const confirmTotp = defineRoute({
  ...auth,
  ...secrets,
  name: 'confirmTotp',
  method: 'POST',
  path: '/auth/second_factor/totp/confirm/',
  summary: 'Show the first code of the application; one’s other sessions end',
  body: Type.Object({ code: Code }, closed),
  success: {
    status: 200,
    schema: Type.Object({ recovery_codes: Type.Union([RecoveryCodes, Type.Null()]) }),
  },
  errors: ['second_factor_not_begun'],
});
const Proof = Type.Object(
  {
    current_password: CurrentPassword,
    code: Type.Optional(
      Type.String({
        minLength: 6,
        maxLength: 20,
        description: 'Unless a passkey opened the session and there is no application',
      }),
    ),
  },
  closed,
);
export const disableTotp = defineRoute({
  ...auth,
  ...secrets,
  name: 'disableTotp',
  method: 'POST',
  path: '/auth/second_factor/totp/disable/',
  summary: 'Do without the authenticator application',
  body: Proof,
  success: { status: 204 },
});
export const renewRecoveryCodes = defineRoute({
  ...auth,
  ...secrets,
  name: 'renewRecoveryCodes',
  method: 'POST',
  path: '/auth/second_factor/recovery_codes/',
  summary: 'Make new recovery codes; the old ones work no more',
  body: Proof,
  success: { status: 200, schema: Type.Object({ recovery_codes: RecoveryCodes }) },
});

const policy = { tag: 'auth', zone: 'tenant', permission: 'school:sign_in' } as const;
export const SecondFactorPolicy = Type.Object(
  {
    require_second_factor: Type.Boolean({
      description: 'Whether the school’s administrators need a second factor',
    }),
  },
  closed,
);
export type SecondFactorPolicy = Static<typeof SecondFactorPolicy>;
export const getSecondFactorPolicy = defineRoute({
  ...policy,
  name: 'getSecondFactorPolicy',
  method: 'GET',
  path: '/second_factor_policy/',
  summary: 'Of whom the school demands a second factor',
  success: { status: 200, schema: SecondFactorPolicy },
});
export const updateSecondFactorPolicy = defineRoute({
  ...policy,
  name: 'updateSecondFactorPolicy',
  method: 'PATCH',
  path: '/second_factor_policy/',
  summary: 'Demand a second factor of the school’s administrators, or not; effective at once',
  body: SecondFactorPolicy,
  success: { status: 200, schema: SecondFactorPolicy },
});
