import { addMember, type School } from './builders.ts';
import { schoolAdmin, type Client } from './clients.ts';
import type { TestApp } from './harness.ts';
import { uploadFile } from './upload.ts';

/** A file that somebody is about to send. @returns its id. */
export async function prepareFile(by: Client, name = 'mot.txt', content = 'Un mot.'): Promise<string> {
  const { body, text } = await uploadFile(by, name, content, {}, {}, '/conversations/files/');
  if (!body.results) throw new Error(`The upload answered: ${text}`);
  return body.results[0].id;
}

/** Something said by somebody to a teacher, and shown to the administrators. */
export async function saySomething(
  t: TestApp,
  school: School,
  by: Client,
  files: readonly string[] = [],
): Promise<Record<string, string>> {
  const { id: userId } = await addMember(t, school, 'teacher');
  const { body } = await by.post('/conversations/', { user_ids: [userId], body: 'Bonjour', files });
  const id = body.id as string;
  const message = (await by.get(`/conversations/${id}/messages/`)).body.results[0].id as string;
  return { id, message };
}

export async function sendFile(t: TestApp, school: School, by: Client): Promise<Record<string, string>> {
  const file = await prepareFile(by);
  return { ...(await saySomething(t, school, by, [file])), file };
}

export async function reportFile(t: TestApp, school: School, by: Client): Promise<Record<string, string>> {
  const file = await prepareFile(by);
  return { ...(await reportSomething(t, school, by, [file])), file };
}

export async function reportSomething(
  t: TestApp,
  school: School,
  by: Client,
  files: readonly string[] = [],
): Promise<Record<string, string>> {
  const { id, message } = await saySomething(t, school, by, files);
  await by.post(`/conversations/${id}/messages/${message}/report/`, { reason: 'Moquerie' });
  const { results } = (await by.get('/message-reports/')).body;
  return { id: results.at(-1).id };
}

/** Who writes, to whom. */
export const MESSAGING_SAMPLES: Record<
  string,
  (t: TestApp, school: School) => Promise<{ client: Client; body: object }>
> = {
  copyMediaToMessage: async (t, school) => {
    const client = await schoolAdmin(t, school);
    const { body } = await uploadFile(client, 'menu.txt', 'Soupe');
    return { client, body: { media_id: body.results[0].id } };
  },
  createConversation: async (t, school) => ({
    client: await schoolAdmin(t, school),
    body: { user_ids: [(await addMember(t, school, 'parent')).id], body: 'Bonjour' },
  }),
};
