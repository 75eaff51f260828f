import { startDnsServer, type ThrowawayDns } from '@preau/testkit/dns-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../../test/support/builders.ts';
import { type Client, platformKey, superadmin, visitor } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem, expectRefusal } from '../../../test/support/refusals.ts';
import { SYSTEM } from '../audit/index.ts';
import { CHECK_DOMAINS } from './domain.jobs.ts';

let t: TestApp;
let names: ThrowawayDns;
let admin: Client;
let school: School;
let path: string;
let number = 0;

beforeAll(async () => {
  names = await startDnsServer();
  t = await createTestApp({ dns: names.address, jobs: [] });
  admin = await superadmin(t);
});
beforeEach(async () => {
  names.fail(false);
  school = await createSchool(t);
  names.set(school.host, { A: ['192.0.2.1'] });
  path = `/tenants/${school.id}/`;
});
afterAll(async () => {
  await t.close();
  await names.close();
});

interface Added {
  id: string;
  domain: string;
  challenge: { name: string; value: string };
}
async function add(domain = `www.soin-${(number += 1)}.fr`): Promise<Added> {
  return (await admin.post(`${path}add_domain/`, { domain })).body;
}
const prove = ({ challenge }: Added): void => names.set(challenge.name, { TXT: [challenge.value] });
const lead = ({ domain }: Added, here = true): void =>
  names.set(domain, here ? { CNAME: school.host } : { A: ['198.51.100.1'] });
const verify = async ({ id }: Added) => (await admin.post(`${path}domains/${id}/verify/`)).body;
const themeAt = async (host: string) => visitor(t, host).get('/current-tenant/theme/');
const audited = (id: string) =>
  t.sql<{ action: string; after: { status: string } }>(
    "SELECT action, after FROM public.audit_log WHERE target_id = $1 AND action = 'domain.check'",
    [id],
  );

describe('verifying a domain', () => {
  it('makes it answer once its record is there, and says what is left to do', async () => {
    const added = await add();
    names.set(added.domain, { A: ['198.51.100.1'] });
    const before = await verify(added);
    expect(before).toMatchObject({
      status: 'pending',
      report: { verified: false, leads_here: false, ready: false },
    });
    expect(before.report.findings[0]).toMatchObject({
      record: 'TXT',
      name: added.challenge.name,
      result: 'wrong',
      found: [],
      expected: [added.challenge.value],
      message: expect.stringContaining(added.challenge.name),
    });
    expect((await themeAt(added.domain)).status).toBe(404);

    prove(added);
    expect(await verify(added)).toMatchObject({
      status: 'active',
      report: { verified: true, leads_here: false, ready: false },
    });
    expect((await themeAt(added.domain)).status).toBe(200);
    lead(added);
    const after = await verify(added);
    expect(after).toMatchObject({ status: 'active', report: { ready: true }, failing_since: null });
    expect((await admin.get(`${path}domains/${added.id}/`)).body).toEqual(after);
    expect(await audited(added.id)).toMatchObject([{ after: { status: 'active' } }]);
  });

  it('speaks the reader’s language', async () => {
    const added = await add();
    const { body } = await admin.post(`${path}domains/${added.id}/verify/`, undefined, {
      headers: { 'accept-language': 'en' },
    });
    expect(body.report.findings[0].message).toMatch(/^There is no TXT record/);
  });

  it('of another school is not found, and needs the permission', async () => {
    const added = await add();
    const other = await createSchool(t);
    expectProblem(await admin.post(`/tenants/${other.id}/domains/${added.id}/verify/`), {
      code: 'not_found',
    });
    const reader = await platformKey(t, ['tenants:read']);
    await expectRefusal(t, () => reader.post(`${path}domains/${added.id}/verify/`), {
      code: 'permission_denied',
    });
    expect((await reader.get(`${path}domains/${added.id}/`)).status).toBe(200);
  });

  it('is not needed for one that a super-admin answers for, which a key may not', async () => {
    const added = await add();
    const key = await platformKey(t, ['domains:manage']);
    await expectRefusal(t, () => key.post(`${path}domains/${added.id}/vouch/`), {
      code: 'permission_denied',
    });
    expect((await admin.post(`${path}domains/${added.id}/vouch/`)).body).toMatchObject({ status: 'active' });
    expect((await themeAt(added.domain)).status).toBe(200);
    lead(added);
    expect((await verify(added)).report).toMatchObject({ verified: true, ready: true });
  });
});

// A job is begun by the queue, which a busy machine keeps waiting.
describe('the daily check', { timeout: 120_000 }, () => {
  const daily = async () => {
    const id = await t.services.tenancy.central(({ trx }) =>
      t.services.jobs.start(trx, SYSTEM, { kind: CHECK_DOMAINS, payload: {} }),
    );
    await expect
      .poll(async () => (await t.services.jobs.get(id)).status, { timeout: 50_000 })
      .toMatch(/done|failed/);
    return t.services.jobs.get(id);
  };
  const statusOf = async ({ id }: Added) => (await admin.get(`${path}domains/${id}/`)).body.status;

  it('finds domains that fail and those that are right again, and goes on answering meanwhile', async () => {
    const [good, lost, waiting] = [await add(), await add(), await add()];
    for (const added of [good, lost]) {
      prove(added);
      lead(added);
      expect((await verify(added)).status).toBe('active');
    }
    names.set(lost.challenge.name);
    prove(waiting);
    const job = await daily();
    expect(job).toMatchObject({ status: 'done', result: { failed: [] } });
    expect(new Set((job.result as { changed: string[] }).changed)).toEqual(
      new Set([lost.domain, waiting.domain]),
    );
    expect(await Promise.all([good, lost, waiting].map(statusOf))).toEqual(['active', 'failing', 'active']);
    expect((await themeAt(lost.domain)).status).toBe(200);
    prove(lost);
    await daily();
    expect(await statusOf(lost)).toBe('active');
  });

  it('changes nothing while the name server fails', async () => {
    const added = await add();
    prove(added);
    lead(added);
    await verify(added);
    names.fail(true);
    await daily();
    expect(await statusOf(added)).toBe('active');
  });

  it('takes a domain for lost after two weeks without proof and way, and gives the school its subdomain back', async () => {
    const added = await add();
    prove(added);
    lead(added);
    await verify(added);
    await admin.post(`${path}domains/${added.id}/make_primary/`);
    names.set(added.challenge.name);
    lead(added, false);
    await daily();
    expect(await statusOf(added)).toBe('failing');
    expect((await admin.get(path)).body.domain_url).toContain(added.domain);
    await t.sql("UPDATE public.domains SET failing_since = now() - interval '15 days' WHERE id = $1", [
      added.id,
    ]);
    await daily();
    expect(await statusOf(added)).toBe('pending');
    expect((await admin.get(path)).body.domain_url).toContain(school.host);
    expect((await themeAt(added.domain)).status).toBe(404);
  });

  it('is timed', async () => {
    await expect
      .poll(() =>
        t.sql("SELECT 1 FROM graphile_worker._private_known_crontabs WHERE identifier = 'domains.check'"),
      )
      .toHaveLength(1);
  });
});

describe('an address that redirects', () => {
  it('answers 308 to the same path at the main one, to everybody and every method', async () => {
    const alias = `autre-${school.subdomain}.localhost`;
    const { body: added } = await admin.post(`${path}add_domain/`, { domain: alias });
    expect((await themeAt(alias)).status).toBe(200);
    expect((await admin.patch(`${path}domains/${added.id}/`, { redirects: true })).body.redirects).toBe(true);
    const theme = await themeAt(alias);
    expect(theme.status).toBe(308);
    expect(theme.headers).toMatchObject({
      location: `http://${school.host}:3000/api/v1/current-tenant/theme/`,
      'cache-control': 'no-store',
    });
    expect((await visitor(t, alias).page('/agenda?jour=lundi')).headers.location).toBe(
      `http://${school.host}:3000/agenda?jour=lundi`,
    );
    const written = await visitor(t, alias).post('/auth/login/', { email: 'a@b.fr', password: 'x' });
    expect(written).toMatchObject({ status: 308, body: { code: 'domain_moved' } });
    // Nothing of the platform is to be reached by a school's address.
    expect((await visitor(t, alias).get('/tenants/')).status).toBe(308);
    expect((await visitor(t, alias).delete('/current-tenant/theme/')).status).toBe(308);

    await admin.patch(`${path}domains/${added.id}/`, { redirects: false });
    expect((await themeAt(alias)).status).toBe(200);
  });

  it('is never the main one', async () => {
    const alias = `autre-${school.subdomain}.localhost`;
    const { body: added } = await admin.post(`${path}add_domain/`, { domain: alias });
    const [own] = (await admin.get(`${path}domains/`)).body.results;
    await expectRefusal(t, () => admin.patch(`${path}domains/${own.id}/`, { redirects: true }), {
      code: 'domain_is_primary',
    });
    await admin.patch(`${path}domains/${added.id}/`, { redirects: true });
    expect((await admin.post(`${path}domains/${added.id}/make_primary/`)).body).toMatchObject({
      is_primary: true,
      redirects: false,
    });
    expect((await themeAt(alias)).status).toBe(200);
  });
});

describe('a school that is renamed', () => {
  const rename = (subdomain: string) => admin.patch(path, { subdomain });

  it('is found under its old name for 90 days, and nobody else gets it meanwhile', async () => {
    const old = school.host;
    const renamed = `${school.subdomain}-bis`;
    await rename(renamed);
    expect((await visitor(t, old).page('/agenda')).headers.location).toBe(
      `http://${renamed}.localhost:3000/agenda`,
    );
    const former = (await admin.get(`${path}domains/`)).body.results.find(
      ({ kind }: { kind: string }) => kind === 'former',
    );
    const days = (Date.parse(former.expires_at) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(89.9);
    expect(days).toBeLessThan(90.1);
    expect(former).toMatchObject({ domain: old, status: 'active', redirects: true, is_primary: false });
    await expectRefusal(t, () => admin.patch(`${path}domains/${former.id}/`, { redirects: false }), {
      code: 'domain_is_former',
    });
    await expectRefusal(t, () => admin.post(`${path}domains/${former.id}/make_primary/`), {
      code: 'domain_is_former',
    });
    const other = await createSchool(t);
    await expectRefusal(t, () => admin.patch(`/tenants/${other.id}/`, { subdomain: school.subdomain }), {
      code: 'subdomain_taken',
    });

    await t.sql("UPDATE public.domains SET expires_at = now() - interval '1 second' WHERE id = $1", [
      former.id,
    ]);
    t.services.directory.forgetAll();
    expect((await themeAt(old)).status).toBe(404);
    expect(await t.services.domainCare.dropExpired(SYSTEM)).toEqual([old]);
    expect((await admin.patch(`/tenants/${other.id}/`, { subdomain: school.subdomain })).status).toBe(200);
  });

  it('gets its old name back', async () => {
    const [first, second] = [school.subdomain, `${school.subdomain}-bis`];
    await rename(second);
    expect((await rename(first)).status).toBe(200);
    expect((await themeAt(`${first}.localhost`)).status).toBe(200);
    expect((await themeAt(`${second}.localhost`)).status).toBe(308);
  });
});
