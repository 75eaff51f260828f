import { codeAt } from '../../src/features/second-factor/totp.ts';
import { PASSWORD, type School } from './builders.ts';
import { createAuthenticator } from './authenticator.ts';
import { member, visitor, type Client } from './clients.ts';
import type { TestApp } from './harness.ts';

interface Sample {
  client?: Client;
  params?: Record<string, string>;
  body?: object;
}

/** Somebody who has begun with an authenticator application. */
async function begun(t: TestApp, school: School) {
  const client = await member(t, school, 'admin');
  const { body } = await client.post('/auth/second_factor/totp/', { current_password: PASSWORD });
  return { client, code: codeAt(body.secret, Date.now()) };
}

/** Somebody with a second factor, and their recovery codes. */
async function enrolled(t: TestApp, school: School) {
  const { client, code } = await begun(t, school);
  const { body } = await client.post('/auth/second_factor/totp/confirm/', { code });
  return { client, codes: body.recovery_codes as string[] };
}

const proved = async (t: TestApp, school: School): Promise<Sample> => {
  const { client, codes } = await enrolled(t, school);
  return { client, body: { current_password: PASSWORD, code: codes[0] } };
};

/** What routes of second factors need to be there, and what to send them. */
export const FACTOR_SAMPLES: Record<string, (t: TestApp, school: School) => Promise<Sample>> = {
  beginTotp: async (t, school) => ({
    client: await member(t, school, 'admin'),
    body: { current_password: PASSWORD },
  }),
  confirmTotp: async (t, school) => {
    const { client, code } = await begun(t, school);
    return { client, body: { code } };
  },
  beginPasskey: async (t, school) => ({
    client: await member(t, school, 'admin'),
    body: { current_password: PASSWORD },
  }),
  addPasskey: async (t, school) => {
    const client = await member(t, school, 'admin');
    const { body } = await client.post('/auth/passkeys/begin/', { current_password: PASSWORD });
    const response = createAuthenticator().register(body, { origin: originAt(school.host) });
    return { client, body: { name: 'Téléphone', response } };
  },
  renamePasskey: async (t, school) => {
    const { client, id } = await withPasskey(t, school);
    return { client, params: { id } };
  },
  removePasskey: async (t, school) => {
    const { client, id } = await withPasskey(t, school);
    return { client, params: { id }, body: { current_password: PASSWORD } };
  },
  logInWithPasskey: async (t, school) => {
    const { authenticator } = await withPasskey(t, school);
    const client = visitor(t, school.host);
    const { body } = await client.post('/auth/passkeys/login/begin/');
    return { client, body: { response: authenticator.sign(body, { origin: originAt(school.host) }) } };
  },
  disableTotp: proved,
  renewRecoveryCodes: proved,
};

/** The address of a host as browsers of the tests would see it. */
export const originAt = (host: string): string => `http://${host}:3000`;

/** Somebody with a passkey, and what holds its key. */
export async function withPasskey(t: TestApp, school: School) {
  const client = await member(t, school, 'admin');
  const authenticator = createAuthenticator();
  const { body: options } = await client.post('/auth/passkeys/begin/', { current_password: PASSWORD });
  const { body, text } = await client.post('/auth/passkeys/', {
    name: 'Téléphone',
    response: authenticator.register(options, { origin: originAt(school.host) }),
  });
  if (!body.passkey) throw new Error(text);
  return {
    client,
    authenticator,
    id: body.passkey.id as string,
    codes: body.recovery_codes as string[] | null,
  };
}
