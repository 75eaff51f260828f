import { addMember, type School } from './builders.ts';
import { schoolAdmin, type Client } from './clients.ts';
import type { TestApp } from './harness.ts';

/** Something said by somebody to a teacher, and shown to the administrators. */
export async function saySomething(t: TestApp, school: School, by: Client): Promise<Record<string, string>> {
  const { id: userId } = await addMember(t, school, 'teacher');
  const { body } = await by.post('/conversations/', { user_ids: [userId], body: 'Bonjour' });
  const id = body.id as string;
  const message = (await by.get(`/conversations/${id}/messages/`)).body.results[0].id as string;
  return { id, message };
}

export async function reportSomething(
  t: TestApp,
  school: School,
  by: Client,
): Promise<Record<string, string>> {
  const { id, message } = await saySomething(t, school, by);
  await by.post(`/conversations/${id}/messages/${message}/report/`, { reason: 'Moquerie' });
  const { results } = (await by.get('/message-reports/')).body;
  return { id: results.at(-1).id };
}

/** Who writes, to whom. */
export const MESSAGING_SAMPLES: Record<
  string,
  (t: TestApp, school: School) => Promise<{ client: Client; body: object }>
> = {
  createConversation: async (t, school) => ({
    client: await schoolAdmin(t, school),
    body: { user_ids: [(await addMember(t, school, 'parent')).id], body: 'Bonjour' },
  }),
};
