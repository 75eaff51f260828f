import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DateTime, Id, Nullable, Page, Uuid } from './fields.ts';
import { Me } from './identity.ts';

const auth = { tag: 'auth', zone: 'public' } as const;
const own = { ...auth, permission: 'authenticated', duringEnrolment: true } as const;
// A whole school may sit behind one address; what is tried against an account is counted by `attempts`.
const secrets = { rateLimit: 60, attempts: 'secrets' } as const;
/** A signature cannot be guessed: this only keeps the table of challenges small. */
const SIGNATURES_A_MINUTE = 300;
const closed = { additionalProperties: false };
// Browsers add to what the standard names.
const open = { additionalProperties: true };

const CurrentPassword = Type.String({ minLength: 1, maxLength: 1024 });
const Name = Type.String({ minLength: 1, maxLength: 60, format: 'not-blank' });
const Base64 = Type.String({ minLength: 1, maxLength: 20_000, pattern: '^[A-Za-z0-9_=-]+$' });

export const Passkey = Type.Object({
  id: Uuid,
  name: Type.String(),
  host: Type.String({ description: 'The address it opens' }),
  backed_up: Type.Boolean({ description: 'Copied between the devices of its owner' }),
  created_at: DateTime,
  last_used_at: Nullable(DateTime),
});
export type Passkey = Static<typeof Passkey>;

/** For `navigator.credentials`, as the standard writes them in JSON. */
const BrowserOptions = Type.Object({ challenge: Type.String() }, open);

export const RegistrationResponse = Type.Object(
  {
    id: Base64,
    rawId: Base64,
    type: Type.Enum(['public-key']),
    response: Type.Object(
      {
        clientDataJSON: Base64,
        attestationObject: Base64,
        transports: Type.Optional(Type.Array(Type.String({ maxLength: 30 }), { maxItems: 10 })),
      },
      open,
    ),
    clientExtensionResults: Type.Object({}, open),
  },
  open,
);
export type RegistrationResponse = Static<typeof RegistrationResponse>;

export const LoginResponse = Type.Object(
  {
    id: Base64,
    rawId: Base64,
    type: Type.Enum(['public-key']),
    response: Type.Object({ clientDataJSON: Base64, authenticatorData: Base64, signature: Base64 }, open),
    clientExtensionResults: Type.Object({}, open),
  },
  open,
);
export type LoginResponse = Static<typeof LoginResponse>;

export const listPasskeys = defineRoute({
  ...own,
  name: 'listPasskeys',
  method: 'GET',
  path: '/auth/passkeys/',
  summary: 'One’s passkeys for this school, or for the console',
  success: { status: 200, schema: Page(Passkey) },
});
export const beginPasskey = defineRoute({
  ...own,
  ...secrets,
  name: 'beginPasskey',
  method: 'POST',
  path: '/auth/passkeys/begin/',
  summary: 'Ask for what a new passkey is to sign; good for five minutes and once',
  body: Type.Object({ current_password: CurrentPassword }, closed),
  success: { status: 200, schema: BrowserOptions },
});
export const addPasskey = defineRoute({
  ...own,
  ...secrets,
  name: 'addPasskey',
  method: 'POST',
  path: '/auth/passkeys/',
  summary: 'Keep a new passkey for this address',
  body: Type.Object({ name: Name, response: RegistrationResponse }, closed),
  success: {
    status: 201,
    schema: Type.Object({
      passkey: Passkey,
      recovery_codes: Type.Union([
        Type.Array(Type.String(), { description: 'Shown once; each works once' }),
        Type.Null(),
      ]),
    }),
  },
  errors: ['passkey_refused', 'passkey_known'],
});
export const renamePasskey = defineRoute({
  ...own,
  name: 'renamePasskey',
  method: 'PATCH',
  path: '/auth/passkeys/:id/',
  summary: 'Name a passkey',
  params: Id,
  body: Type.Object({ name: Name }, closed),
  success: { status: 200, schema: Passkey },
});
export const removePasskey = defineRoute({
  ...own,
  ...secrets,
  name: 'removePasskey',
  method: 'POST',
  path: '/auth/passkeys/:id/remove/',
  summary: 'Do without a passkey',
  params: Id,
  body: Type.Object({ current_password: CurrentPassword }, closed),
  success: { status: 204 },
});
export const beginPasskeyLogin = defineRoute({
  ...auth,
  name: 'beginPasskeyLogin',
  method: 'POST',
  path: '/auth/passkeys/login/begin/',
  permission: 'anyone',
  rateLimit: SIGNATURES_A_MINUTE,
  summary: 'Ask for what a passkey is to sign; good for five minutes and once',
  success: { status: 200, schema: BrowserOptions },
});
export const logInWithPasskey = defineRoute({
  ...auth,
  name: 'logInWithPasskey',
  method: 'POST',
  path: '/auth/passkeys/login/',
  permission: 'anyone',
  rateLimit: SIGNATURES_A_MINUTE,
  summary: 'Open a session with a passkey: alone, or in the place of a code',
  body: Type.Object({ response: LoginResponse }, closed),
  success: { status: 200, schema: Me },
  errors: ['passkey_refused', 'membership_pending'],
});
