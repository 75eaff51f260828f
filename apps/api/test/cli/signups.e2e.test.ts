import { afterAll, beforeAll, expect, it } from 'vitest';
import { visitor } from '../support/clients.ts';
import { type Command, preauOn } from '../support/command.ts';
import { createTestApp, type TestApp } from '../support/harness.ts';
import { lastMailTo, secretOf } from '../support/mailbox.ts';

let t: TestApp;
let preau: Command;
beforeAll(async () => {
  t = await createTestApp();
  preau = preauOn(t.fresh.url);
});
afterAll(async () => {
  await preau.close();
  await t.close();
});

/** Hands a request in, with its mailed link as the key. */
async function asked(name: string): Promise<string> {
  const email = `${name}@example.org`;
  const school = { school_name: `École ${name}`, school_type: 'ecole' };
  await visitor(t).post('/signup/', { ...school, email, full_name: 'Ada Lovelace' });
  const [id = '', key = ''] = secretOf(await lastMailTo(t, email)).split('.');
  await visitor(t).post('/signup/verify/', { signup_id: id, code: key });
  const { status, text } = await visitor(t).post(
    `/signup/${id}/submit/`,
    {
      ...school,
      subdomain: name,
      phone: '0123456789',
      address: '1 rue',
      postal_code: '75001',
      city: 'Paris',
    },
    { headers: { 'signup-key': key } },
  );
  expect(status, text).toBe(200);
  return id;
}

it('preau signups lists what waits, makes the school of a request, refuses another with its reason', async () => {
  const [one, two] = [await asked('jean-mace'), await asked('paul-bert')];
  const listed = await preau('signups', 'list', '--status', 'waiting', '--json');
  expect(
    listed.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).subdomain),
  ).toEqual(['jean-mace', 'paul-bert']);

  const approved = await preau('signups', 'approve', one, '--subdomain', 'mace', '--json');
  expect(approved.err).toBe('');
  expect(JSON.parse(approved.out)).toMatchObject({ status: 'open', subdomain: 'mace', decided_by: 'preau' });
  expect((await visitor(t, 'mace.localhost').get('/current-tenant/theme/')).body.school_name).toBe(
    'École jean-mace',
  );

  const refused = await preau('signups', 'refuse', two, '--reason', 'Deux fois la même école', '--json');
  expect(JSON.parse(refused.out)).toMatchObject({ status: 'refused', reason: 'Deux fois la même école' });
  expect((await preau('signups', 'refuse', two, '--reason', 'encore')).code).not.toBe(0);
  expect((await preau('signups', 'refuse', one)).code).not.toBe(0);
});

it('preau signups policy says and chooses who grants', async () => {
  expect((await preau('signups', 'policy')).out).toContain('approval');
  await preau('signups', 'policy', 'closed');
  expect((await visitor(t).get('/signup/options/')).body).toEqual({ policy: 'closed' });
  expect((await preau('signups', 'policy', 'sometimes')).code).not.toBe(0);
});
