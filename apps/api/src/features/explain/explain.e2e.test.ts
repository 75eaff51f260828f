import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../../test/support/builders.ts';
import { type Client, member, superadmin, visitor } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem } from '../../../test/support/refusals.ts';

let t: TestApp;
let admin: Client;
let school: School;
beforeAll(async () => {
  t = await createTestApp();
  admin = await superadmin(t);
  school = await createSchool(t);
});
afterAll(() => t.close());

async function explain(query: Record<string, string> = {}, id = school.id) {
  const { status, body } = await admin.get(`/tenants/${id}/explain/`, { query });
  expect(status).toBe(200);
  const step = (rule: string) => body.steps.find((one: { rule: string }) => one.rule === rule);
  return { ...body, step };
}

describe('an explanation', () => {
  it('of an open school names the domain, the layer and the versions', async () => {
    t.services.directory.forgetAll();
    const before = await explain();
    expect(before.outcome).toEqual({ status: 200, code: null, decided_by: null });
    expect(before.step('domain')).toMatchObject({
      verdict: 'passes',
      code: 'domain_found',
      facts: { domain: school.host, kind: 'subdomain', is_primary: true },
    });
    expect(before.step('cache')).toMatchObject({ code: 'cache_database', facts: { layer: 'database' } });
    await visitor(t, school.host).get('/current-tenant/theme/');
    const after = await explain();
    expect(after.step('cache')).toMatchObject({
      code: 'cache_memory',
      facts: { layer: 'memory', stale: false, cached: school.id },
    });
    const { body } = await admin.get(`/tenants/${school.id}/`);
    expect(after.versions).toEqual({
      tenant: body.version,
      theme: (await visitor(t, school.host).get('/current-tenant/theme/')).body.version,
      schema: expect.stringMatching(/^\d{8}_/),
    });
  });

  it('finds a memory that says something else than the database', async () => {
    const changed = await createSchool(t);
    // Changes are heard of in their order: once this one is, nothing earlier will make it forget the address again.
    const heard = t.hears('host', 'by-hand.fr');
    await admin.post(`/tenants/${changed.id}/add_domain/`, { domain: 'by-hand.fr' });
    await heard;
    await visitor(t, changed.host).get('/current-tenant/theme/');
    await t.sql("UPDATE public.domains SET status = 'pending', is_primary = false WHERE domain = $1", [
      changed.host,
    ]);
    await t.sql("UPDATE public.domains SET status = 'active', is_primary = true WHERE domain = 'by-hand.fr'");
    const told = await explain({ host: changed.host }, changed.id);
    expect(told.step('cache')).toMatchObject({ code: 'cache_stale', facts: { cached: changed.id } });
    expect(told.outcome).toEqual({ status: 404, code: 'tenant_not_found', decided_by: 'domain' });
  });

  it.each([
    ['nobody.example', 404, 'tenant_not_found', 'domain'],
    ['[::1]', 421, 'misdirected_host', 'host'],
  ])('of %s says that it decides', async (host, status, code, decided_by) => {
    expect((await explain({ host })).outcome).toEqual({ status, code, decided_by });
    expect((await visitor(t, host).get('/current-tenant/theme/')).status).toBe(status);
  });

  it('says that an address is another school’s, or redirects', async () => {
    const other = await createSchool(t);
    expect((await explain({ host: other.host })).step('domain').code).toBe('domain_of_another');
    const old = other.host;
    await admin.patch(`/tenants/${other.id}/`, { subdomain: `${other.subdomain}-neuf` });
    const told = await explain({ host: old }, other.id);
    expect(told.outcome).toEqual({ status: 308, code: 'domain_moved', decided_by: 'redirect' });
    expect(told.step('redirect').facts.location).toBe(`http://${other.subdomain}-neuf.localhost:3000`);
  });

  it('says what a closed school answers, except where it answers all the same', async () => {
    const closed = await createSchool(t);
    await admin.post(`/tenants/${closed.id}/deactivate/`, { reason: 'Travaux' });
    expect((await explain({ path: '/announcements/' }, closed.id)).outcome).toEqual({
      status: 403,
      code: 'tenant_inactive',
      decided_by: 'status',
    });
    expect((await explain({ path: '/current-tenant/theme/' }, closed.id)).outcome.status).toBe(200);
  });

  it('tells a default from a decision about a module', async () => {
    expect((await explain({ module: 'announcements' })).step('module')).toMatchObject({
      code: 'module_on',
      facts: { override: false },
    });
    await admin.post(`/tenants/${school.id}/update_modules/`, { modules_enabled: { announcements: false } });
    const person = await member(t, school, 'teacher');
    const told = await explain({ path: '/api/v1/announcements/', user: person.userId });
    expect(told.step('module')).toMatchObject({ code: 'module_switched_off', facts: { override: true } });
    expect(told.outcome).toEqual({ status: 403, code: 'module_disabled', decided_by: 'module' });
    expectProblem(await person.get('/announcements/'), { code: 'module_disabled' });
    await admin.post(`/tenants/${school.id}/update_modules/`, { modules_enabled: { announcements: true } });
  });

  it('says who may do what', async () => {
    const [teacher, student] = [await member(t, school, 'teacher'), await member(t, school, 'student')];
    const of = (user: string, path: string) => explain({ user, path }).then(({ outcome }) => outcome);
    expect(await of(teacher.userId, '/announcements/')).toMatchObject({ status: 200 });
    expect(await of(student.userId, '/current-tenant/info/')).toMatchObject({ status: 200 });
    expect(await of('nobody@example.org', '/announcements/')).toMatchObject({ code: 'not_authenticated' });
    expect(await of(teacher.userId, '/tenants/')).toMatchObject({ code: 'not_found', decided_by: 'route' });
    expect(await of(teacher.userId, '/no/such/path')).toMatchObject({ code: 'not_found' });
  });

  it('is of a school that exists, in the reader’s language', async () => {
    expectProblem(await admin.get('/tenants/01900000-0000-7000-8000-000000000000/explain/'), {
      code: 'not_found',
    });
    const { body } = await admin.get(`/tenants/${school.id}/explain/`, {
      headers: { 'accept-language': 'en' },
    });
    expect(body.steps.map(({ message }: { message: string }) => message)).toContain('The school is open.');
  });
});
