import { SYSTEM } from '../../src/features/audit/index.ts';
import { addMember, PASSWORD, type School } from './builders.ts';
import { createClient, member, superadmin, visitor, type Client } from './clients.ts';
import { SUPERADMIN, type TestApp } from './harness.ts';
import { lastMailTo, secretOf } from './mailbox.ts';

interface Sample {
  client?: Client;
  params?: Record<string, string>;
  body?: object;
}

let counter = 0;
const address = (): string => `sample-${(counter += 1)}@example.org`;

/** Opens a school to registration. */
export async function openToRegistration(t: TestApp, { id }: School): Promise<void> {
  const admin = await superadmin(t);
  await admin.patch(`/tenants/${id}/settings/`, { registration: 'approval' });
}

/** Asks to join a school. @returns the registration and the secret of its link. */
export async function registered(t: TestApp, school: School, email = address()) {
  await openToRegistration(t, school);
  const { body } = await visitor(t, school.host).post('/auth/register/', {
    email,
    full_name: 'Ada Lovelace',
    role: 'teacher',
  });
  const [, token = ''] = secretOf(await lastMailTo(t, email)).split('.');
  return { registration_id: body.registration_id as string, code: token };
}

/** What routes of accounts need to be there, and what to send them. */
export const ACCOUNT_SAMPLES: Record<string, (t: TestApp, school: School) => Promise<Sample>> = {
  register: async (t, school) => {
    await openToRegistration(t, school);
    return { client: visitor(t, school.host) };
  },
  openRegistration: async (t, school) => ({ body: await registered(t, school) }),
  verifyRegistration: async (t, school) => ({
    body: { ...(await registered(t, school)), password: PASSWORD },
  }),
  confirmPasswordReset: async (t, school) => {
    const { email } = await addMember(t, school, 'teacher');
    const client = visitor(t, school.host);
    await client.post('/auth/password/reset/', { email });
    return { client, body: { token: secretOf(await lastMailTo(t, email)), password: `${PASSWORD} !` } };
  },
  changePassword: async (t, school) => ({
    client: await member(t, school, 'teacher'),
    body: { current_password: PASSWORD, new_password: `${PASSWORD} !` },
  }),
  changeEmail: async () => ({ body: { email: address(), current_password: SUPERADMIN.password } }),
  confirmEmail: async (t, school) => {
    const client = await member(t, school, 'teacher');
    const email = address();
    await client.post('/auth/email/', { email, current_password: PASSWORD });
    return { client, body: { token: secretOf(await lastMailTo(t, email)) } };
  },
  endSession: async (t) => {
    const client = await superadmin(t);
    const { body } = await client.get('/auth/sessions/');
    const { id } = body.results.find(({ current }: { current: boolean }) => current);
    return { client, params: { id } };
  },
  updateMe: async (t, school) => ({ client: await member(t, school, 'teacher'), body: { full_name: 'Ada' } }),
  getMail: async (t) => {
    await visitor(t, t.consoleHost).post('/auth/password/reset/', { email: SUPERADMIN.email });
    return { params: { id: (await lastMailTo(t, SUPERADMIN.email)).id } };
  },
};

/** Somebody logged in with e-mail and password, as a browser does. */
export async function loggedIn(
  t: TestApp,
  host: string,
  email: string,
  password = PASSWORD,
): Promise<Client> {
  const tenant = await t.services.directory.byHost(host);
  const { token } = await t.services.logIn.logIn(tenant, { email, password }, SYSTEM, 'Test');
  return createClient(t, host, { cookie: `preau_session=${token}` });
}
