import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../test/support/builders.ts';
import {
  type Client,
  createClient,
  member,
  platformKey,
  superadmin,
  visitor,
} from '../../test/support/clients.ts';
import { createTestApp, platformDatabase, type TestApp } from '../../test/support/harness.ts';
import { expectProblem } from '../../test/support/refusals.ts';

let here: TestApp;
let there: TestApp;
let admin: Client;
let dropDatabase: () => Promise<void>;
beforeAll(async () => {
  const fresh = await platformDatabase();
  dropDatabase = fresh.drop;
  here = await createTestApp({ fresh });
  there = await createTestApp({ fresh });
  admin = await superadmin(here);
});
afterAll(async () => {
  await here.close();
  await there.close();
  await dropDatabase();
});

const themeThere = (host: string) => visitor(there, host).get('/current-tenant/theme/');

/** Makes a change in the one process and waits, a second at most, until the other has heard of it. */
async function heard(
  kind: 'tenant' | 'host' | 'session' | 'key',
  id: string,
  change: () => Promise<unknown>,
): Promise<number> {
  const hears = there.hears(kind, id);
  const done = await change().then(() => performance.now());
  await hears;
  return performance.now() - done;
}

describe('a change made by another process', () => {
  let school: School;
  const path = () => `/tenants/${school.id}/`;

  it('of colours, modules and state is seen within a second', async () => {
    school = await createSchool(here);
    expect((await themeThere(school.host)).body.primary_color).toBe('#2E7D32');
    const delays = [
      await heard('tenant', school.id, () => admin.patch(path(), { primary_color: '#112233' })),
    ];
    expect((await themeThere(school.host)).body.primary_color).toBe('#112233');
    delays.push(
      await heard('tenant', school.id, () =>
        admin.post(`${path()}update_modules/`, { modules_enabled: { announcements: false } }),
      ),
    );
    expect((await themeThere(school.host)).body.modules_enabled.announcements).toBe(false);
    const person = await member(here, school, 'admin');
    const elsewhere = createClient(there, school.host, person.headers);
    expect((await elsewhere.get('/current-tenant/info/')).status).toBe(200);
    delays.push(
      await heard('tenant', school.id, () => admin.post(`${path()}deactivate/`, { reason: 'Travaux' })),
    );
    expectProblem(await elsewhere.get('/current-tenant/info/'), { code: 'tenant_inactive' });
    delays.push(await heard('tenant', school.id, () => admin.post(`${path()}activate/`)));
    expectProblem(await elsewhere.get('/current-tenant/info/'), { code: 'not_authenticated' });
    for (const delay of delays) expect(delay).toBeLessThan(1_000);
  });

  it('of an address is seen, also where its absence was remembered', async () => {
    const domain = 'www.feed.fr';
    expect((await themeThere(domain)).status).toBe(404);
    await heard('host', domain, () => admin.post(`${path()}add_domain/`, { domain, vouched: true }));
    expect((await themeThere(domain)).status).toBe(200);
    const { body } = await admin.get(`${path()}domains/`);
    const { id } = body.results.find((row: { domain: string }) => row.domain === domain);
    await heard('host', domain, () => admin.delete(`${path()}domains/${id}/`));
    expect((await themeThere(domain)).status).toBe(404);
  });

  it('of a subdomain is seen at the old and the new one', async () => {
    const renamed = await createSchool(here, { subdomain: 'before' });
    expect((await themeThere('before.localhost')).status).toBe(200);
    expect((await themeThere('after.localhost')).status).toBe(404);
    await heard('host', 'after.localhost', () =>
      admin.patch(`/tenants/${renamed.id}/`, { subdomain: 'after' }),
    );
    expect((await themeThere('after.localhost')).status).toBe(200);
    expect((await themeThere('before.localhost')).status).toBe(308);
  });

  it('of a new school is seen where it was asked for before', async () => {
    expect((await themeThere('tomorrow.localhost')).status).toBe(404);
    await heard('host', 'tomorrow.localhost', () => createSchool(here, { subdomain: 'tomorrow' }));
    expect((await themeThere('tomorrow.localhost')).status).toBe(200);
  });

  it('of a log-out or a revoked key is seen', async () => {
    const person = await member(here, school, 'teacher');
    const elsewhere = createClient(there, school.host, person.headers);
    const me = await elsewhere.get('/auth/me/');
    expect(me.status).toBe(200);
    const [session] = await here.sql<{ id: string }>('SELECT id FROM public.sessions WHERE user_id = $1', [
      person.userId,
    ]);
    await heard('session', session?.id ?? '', () => person.post('/auth/logout/'));
    expectProblem(await elsewhere.get('/auth/me/'), { code: 'not_authenticated' });

    const key = await platformKey(here, ['tenants:read']);
    const program = createClient(there, there.base, key.headers);
    expect((await program.get('/tenants/')).status).toBe(200);
    await heard('key', key.key.split('.')[0] ?? '', () => admin.delete(`/platform/api_keys/${key.id}/`));
    expectProblem(await program.get('/tenants/'), { code: 'invalid_api_key' });
  });

  it('of a purged school is seen, page included', async () => {
    const gone = await createSchool(here);
    expect((await visitor(there, gone.host).page()).status).toBe(200);
    await heard('host', gone.host, () =>
      admin.delete(`/tenants/${gone.id}/`, {
        query: { purge: true },
        headers: { 'x-confirm': gone.subdomain },
      }),
    );
    expect((await visitor(there, gone.host).page()).status).toBe(404);
  });

  it('is not missed when the feed was cut meanwhile', async () => {
    const own = await createSchool(here);
    expect((await themeThere(own.host)).body.primary_color).toBe('#2E7D32');
    await here.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND application_name = 'preau changes'`,
      [here.fresh.name],
    );
    await admin.patch(`/tenants/${own.id}/`, { primary_color: '#445566' });
    await expect
      .poll(async () => (await themeThere(own.host)).body.primary_color, { timeout: 5_000 })
      .toBe('#445566');
  });
});
