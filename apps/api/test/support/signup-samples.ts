import { SYSTEM } from '../../src/features/audit/index.ts';
import { finishJob } from '../../src/features/jobs/index.ts';
import { createClient, visitor, type Client } from './clients.ts';
import type { TestApp } from './harness.ts';
import { lastMailTo, secretOf } from './mailbox.ts';

interface Sample {
  client?: Client;
  params?: Record<string, string>;
  body?: object;
}

let counter = 0;

export const signupDetails = (subdomain: string) => ({
  school_name: 'Collège Paul-Éluard',
  school_type: 'college' as const,
  subdomain,
  phone: '0123456789',
  address: '1 rue de l’Eure',
  postal_code: '27000',
  city: 'Évreux',
});

/** A request, with the secret of its link. Asked for by nobody's address: no limit on one is used up. */
async function asked(t: TestApp): Promise<{ id: string; key: string; subdomain: string }> {
  const subdomain = `demande-${(counter += 1)}`;
  const { school_name, school_type } = signupDetails(subdomain);
  const email = `${subdomain}@example.org`;
  await t.services.signupRequests.ask(
    { email, full_name: 'Ada Lovelace', school_name, school_type },
    SYSTEM,
    'fr',
  );
  const [id = '', key = ''] = secretOf(await lastMailTo(t, email)).split('.');
  return { id, key, subdomain };
}

async function proved(t: TestApp): Promise<{ id: string; key: string; subdomain: string; client: Client }> {
  const request = await asked(t);
  await t.services.signupRequests.verify(request.id, request.key, SYSTEM);
  return { ...request, client: createClient(t, t.base, { 'signup-key': request.key }) };
}

/** A request that waits for a decision. */
export async function waitingSignup(t: TestApp) {
  const request = await proved(t);
  await t.services.signupRequests.submit(request.id, request.key, signupDetails(request.subdomain), SYSTEM);
  return request;
}

const own = async (t: TestApp): Promise<Sample> => {
  const { id, client } = await proved(t);
  return { client, params: { id } };
};
const waiting = async (t: TestApp): Promise<Sample> => ({ params: { id: (await waitingSignup(t)).id } });

/** What routes of requests for schools need to be there, and what to send them. */
export const SIGNUP_SAMPLES: Record<string, (t: TestApp) => Promise<Sample>> = {
  askSignup: async (t) => ({ client: visitor(t) }),
  verifySignup: async (t) => {
    const { id, key } = await asked(t);
    return { client: visitor(t), body: { signup_id: id, code: key } };
  },
  getSignup: own,
  checkSignupSubdomain: own,
  withdrawSignup: own,
  submitSignup: async (t) => {
    const { id, client, subdomain } = await proved(t);
    return { client, params: { id }, body: signupDetails(subdomain) };
  },
  enterSignup: async (t) => {
    const { id, client } = await waitingSignup(t);
    const { jobId } = await t.services.signupDecisions.approve(SYSTEM, id);
    await finishJob(t.services, jobId, () => {});
    return { client, params: { id } };
  },
  getSignupRequest: waiting,
  approveSignup: waiting,
  refuseSignup: waiting,
};
