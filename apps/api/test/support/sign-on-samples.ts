import type { School } from './builders.ts';
import { createClient, schoolAdmin, visitor, type Client } from './clients.ts';
import type { TestApp } from './harness.ts';
import { OIDC_CLIENT, startProvider } from './oidc-provider.ts';

interface Sample {
  client?: Client;
  params?: Record<string, string>;
  body?: object;
}

const settings = (issuer: string, enabled: boolean) => ({
  enabled,
  label: 'ENT',
  issuer,
  client_id: OIDC_CLIENT.id,
  client_secret: OIDC_CLIENT.secret,
  scopes: 'openid email profile groups',
  role_claim: '',
  role_rules: [],
  default_role: 'student',
  creates_members: true,
  email_domains: [],
  password_log_in: true,
  counts_as_second_factor: false,
});

async function configured(t: TestApp, school: School) {
  const provider = await startProvider([`http://${school.host}:3000/sso/callback`]);
  provider.account = { sub: school.id, email: `${school.subdomain}@example.org`, email_verified: true };
  const admin = await schoolAdmin(t, school);
  const { status, text } = await admin.put('/single_sign_on/', settings(provider.issuer, true));
  if (status !== 200) throw new Error(text);
  return { provider, admin };
}

/** What routes of single sign-on need to be there, and what to send them. */
export const SIGN_ON_SAMPLES: Record<string, (t: TestApp, school: School) => Promise<Sample>> = {
  putSingleSignOn: async (t, school) => ({
    client: await schoolAdmin(t, school),
    body: settings('https://provider.example', false),
  }),
  deleteSingleSignOn: async (t, school) => ({ client: (await configured(t, school)).admin }),
  beginSingleSignOn: async (t, school) => {
    await configured(t, school);
    return { client: visitor(t, school.host) };
  },
  endSingleSignOn: async (t, school) => {
    const { provider } = await configured(t, school);
    const { body, cookies } = await visitor(t, school.host).post('/auth/sso/begin/');
    const back = await provider.visit(body.url);
    const client = createClient(t, school.host, { cookie: cookies[0]?.split(';')[0] ?? '' });
    return { client, body: { answer: back.search } };
  },
};
