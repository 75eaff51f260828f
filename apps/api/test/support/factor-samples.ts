import { codeAt } from '../../src/features/second-factor/totp.ts';
import { PASSWORD, type School } from './builders.ts';
import { member, type Client } from './clients.ts';
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
  disableTotp: proved,
  renewRecoveryCodes: proved,
};
