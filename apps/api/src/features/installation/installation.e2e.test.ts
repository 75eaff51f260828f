import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSchool } from '../../../test/support/builders.ts';
import { platformKey, schoolAdmin, superadmin } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem } from '../../../test/support/refusals.ts';
import { loadConfig } from '../../config.ts';

const SECRET = 'a-secret-of-thirty-two-characters-or-more';
let t: TestApp;
beforeAll(async () => {
  const { origins } = loadConfig(
    {},
    {
      PREAU_SECRET: SECRET,
      DATABASE_URL: 'postgres://preau:hunter2hunter2@db.invalid/preau',
    },
  );
  t = await createTestApp({ origins });
});
afterAll(() => t.close());

it('says what the installation was started with and where each value is from, but no secret', async () => {
  const { status, body, text } = await (await superadmin(t)).get('/installation/');
  expect(status).toBe(200);
  expect(body).toMatchObject({ base_domain: 'localhost', second_factor_demanded: false });
  const of = (name: string) => body.variables.find((one: { name: string }) => one.name === name);
  expect(of('PREAU_META_SUBDOMAIN')).toEqual({
    name: 'PREAU_META_SUBDOMAIN',
    value: 'meta',
    origin: 'default',
  });
  expect(of('DATABASE_URL')).toMatchObject({ origin: 'environment' });
  expect(of('DATABASE_URL').value).toContain('db.invalid');
  expect(text).not.toContain('hunter2hunter2');
  expect(text).not.toContain(SECRET);
});

it('is for people of the platform alone', async () => {
  const key = await platformKey(t, ['tenants:read']);
  expectProblem(await key.get('/installation/'), { code: 'permission_denied' });
  const head = await schoolAdmin(t, await createSchool(t));
  expect((await head.get('/installation/')).status).toBe(404);
});
