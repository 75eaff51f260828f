import type { School } from './builders.ts';
import { createClient, superadmin, schoolAdmin, visitor, type Client } from './clients.ts';
import type { TestApp } from './harness.ts';

interface Sample {
  client?: Client;
  params?: Record<string, string>;
  body?: object;
}

/** Somebody of the platform whom the school lets in, and their way in. */
async function letIn(t: TestApp, school: School): Promise<{ gid: string; token: string }> {
  const admin = await superadmin(t);
  const head = await schoolAdmin(t, school);
  const { body } = await admin.post(`/tenants/${school.id}/support/`, { reason: 'Panne' });
  await head.post(`/support/${body.id}/grant/`, { hours: 1 });
  const entry = await admin.post(`/tenants/${school.id}/support/${body.id}/enter/`);
  return { gid: body.id, token: entry.body.token };
}

/** What routes of support need to be there, and what to send them. */
export const SUPPORT_SAMPLES: Record<string, (t: TestApp, school: School) => Promise<Sample>> = {
  enterBySupport: async (t, school) => ({ params: { gid: (await letIn(t, school)).gid } }),
  endSupport: async (t, school) => ({ params: { gid: (await letIn(t, school)).gid } }),
  arriveBySupport: async (t, school) => ({
    client: visitor(t, school.host),
    body: { token: (await letIn(t, school)).token },
  }),
  leaveSupport: async (t, school) => {
    const { token } = await letIn(t, school);
    const { cookies } = await visitor(t, school.host).post('/support/arrive/', { token });
    return { client: createClient(t, school.host, { cookie: cookies[0]?.split(';')[0] ?? '' }) };
  },
};
