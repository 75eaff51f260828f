import type { Job } from '@preau/contracts/jobs';
import { withClient } from '@preau/postgres-launcher';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createSchool, newTenantBody, type School } from '../../../test/support/builders.ts';
import { type Client, platformKey, superadmin, visitor } from '../../../test/support/clients.ts';
import { cutLine } from '../../../test/support/cut-line.ts';
import { createTestApp, platformDatabase, type TestApp } from '../../../test/support/harness.ts';
import type { SchoolSeed } from './index.ts';
import { expectProblem, expectRefusal, stateOf } from '../../../test/support/refusals.ts';

/** Says who it was written as. */
const test: SchoolSeed = {
  name: 'test',
  schoolTypes: ['college'],
  inSchool: () => [
    {
      sql: `INSERT INTO announcements (id, title, body, author_id, author_name) VALUES (gen_random_uuid(), current_user, ?, gen_random_uuid(), '')`,
      values: ['with a question mark?'],
    },
  ],
};

let t: TestApp;
let admin: Client;
beforeAll(async () => {
  t = await createTestApp({ seeds: [test] });
  admin = await superadmin(t);
});
afterAll(() => t.close());

const existing = async (school: School): Promise<{ schema: boolean; role: boolean }> => {
  const [row] = await t.sql<{ schema: boolean; role: boolean }>(
    `SELECT to_regnamespace($1) IS NOT NULL AS schema, EXISTS (SELECT FROM pg_roles WHERE rolname = $1) AS role`,
    [school.schemaName],
  );
  return row ?? { schema: false, role: false };
};

const runsOf = async (school: School): Promise<Job[]> =>
  (await admin.get('/jobs/', { query: { tenant: school.id, kind: 'tenant.provision' } })).body.results;

const folderOf = (school: School) => join(t.dataDir, 'mediafiles', `tenant_${school.id}`);

const STEPS = ['role', 'schema', 'snapshot', 'seed_data', 'storage_prefix', 'first_admin', 'activation'];

describe('provisioning', () => {
  it('is a job that shows its steps, their times and its end', async () => {
    const school = await createSchool(t, { provisioned: false });
    expect((await admin.post(`/tenants/${school.id}/provision/`)).status).toBe(200);
    const [run, ...others] = await runsOf(school);
    expect(others).toEqual([]);
    expect(run).toMatchObject({
      status: 'done',
      attempts: 1,
      tenant: { id: school.id },
      result: { schema_name: school.schemaName },
      created_by: { type: 'user' },
    });
    expect(run?.steps.map(({ name }) => name)).toEqual(STEPS);
    for (const { status, duration_ms } of run?.steps ?? []) {
      expect(status).toBe('done');
      expect(duration_ms).toBeGreaterThanOrEqual(0);
    }
  });

  it('makes the school’s folders, and sows what its type of school needs, as its own role', async () => {
    const college = await createSchool(t, { school_type: 'college' });
    const ecole = await createSchool(t, { school_type: 'ecole' });
    expect(readdirSync(folderOf(college)).toSorted()).toEqual(['avatars', 'documents', 'school_assets']);
    expect(statSync(folderOf(college)).mode & 0o077).toBe(0);
    const sown = async ({ schemaName }: School) => t.sql(`SELECT title FROM ${schemaName}.announcements`);
    expect(await sown(college)).toEqual([{ title: college.schemaName }]);
    expect(await sown(ecole)).toEqual([]);
    const [{ days } = { days: 0 }] = await t.sql<{ days: number }>(
      'SELECT count(*)::int AS days FROM public.tenant_daily_stats WHERE tenant_id = $1',
      [ecole.id],
    );
    expect(days).toBe(1);
  });

  it('builds a schema owned by a role of its own that cannot log in, and opens the school', async () => {
    const school = await createSchool(t, { provisioned: false });
    expect(await existing(school)).toEqual({ schema: false, role: false });
    const { status, body } = await admin.post(`/tenants/${school.id}/provision/`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: school.id, status: 'active', is_active: true, failure: null });
    expect(body.first_admin.invitation_url).toMatch(
      new RegExp(`^http://${school.host}:3000/invitation/.{20,}$`),
    );
    const owner = await t.sql(
      `SELECT r.rolname, r.rolcanlogin, r.rolsuper, r.rolinherit FROM pg_namespace n JOIN pg_roles r ON r.oid = n.nspowner
       WHERE n.nspname = $1`,
      [school.schemaName],
    );
    expect(owner).toEqual([
      { rolname: school.schemaName, rolcanlogin: false, rolsuper: false, rolinherit: false },
    ]);
    expect((await visitor(t, school.host).get('/current-tenant/theme/')).status).toBe(200);
  });

  it('twice is refused, also at the same time', async () => {
    const school = await createSchool(t, { provisioned: false });
    const provision = () => admin.post(`/tenants/${school.id}/provision/`);
    const answers = await Promise.all([provision(), provision(), provision()]);
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['200', '409', '409']);
    await expectRefusal(t, provision, { code: 'already_provisioned' });
    await t.services.lifecycle.deactivate(
      { actor: { type: 'system', id: null, label: '' }, ip: null, requestId: null },
      school.id,
      null,
    );
    await expectRefusal(t, provision, { code: 'already_provisioned' });
  });

  it(
    'by many at the same time is done by one, and no two wait for each other',
    { timeout: 60_000 },
    async () => {
      for (let round = 0; round < 5; round += 1) {
        const school = await createSchool(t, { provisioned: false });
        const answers = await Promise.all(
          Array.from({ length: 5 }, () => admin.post(`/tenants/${school.id}/provision/`)),
        );
        expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
          200, 409, 409, 409, 409,
        ]);
        expect(await runsOf(school)).toMatchObject([{ status: 'done' }]);
      }
    },
  );

  it('locks the school before it touches the run', async () => {
    const school = await createSchool(t, { provisioned: false });
    const sent: string[] = [];
    const note = ({ sql }: { sql: string }) => void sent.push(sql);
    t.database.knex.on('query', note);
    await admin.post(`/tenants/${school.id}/provision/`);
    t.database.knex.off('query', note);
    const first = (pattern: RegExp) => sent.findIndex((sql) => pattern.test(sql));
    expect(first(/public\.tenants[^]*FOR UPDATE/i)).toBeGreaterThanOrEqual(0);
    expect(first(/public\.tenants[^]*FOR UPDATE/i)).toBeLessThan(first(/INSERT INTO public\.jobs/));
  });

  it('of an archived school is refused', async () => {
    const school = await createSchool(t, { provisioned: false });
    await admin.delete(`/tenants/${school.id}/`);
    // Archiving remembers where it came from, and only a restore leads back.
    await expectRefusal(t, () => admin.post(`/tenants/${school.id}/provision/`), {
      code: 'illegal_transition',
    });
  });

  it('takes no body, and says so of a field that nobody reads', async () => {
    const school = await createSchool(t, { provisioned: false });
    await expectRefusal(t, () => admin.post(`/tenants/${school.id}/provision/`, { force: true }), {
      code: 'invalid_input',
    });
    expect((await admin.post(`/tenants/${school.id}/provision/`, {})).status).toBe(200);
  });

  it('needs the scope', async () => {
    const school = await createSchool(t, { provisioned: false });
    const reader = await platformKey(t, ['tenants:read', 'tenants:update']);
    await expectRefusal(t, () => reader.post(`/tenants/${school.id}/provision/`), {
      code: 'permission_denied',
    });
    const provisioner = await platformKey(t, ['tenants:provision']);
    expect((await provisioner.post(`/tenants/${school.id}/provision/`)).status).toBe(200);
  });

  it('is open to a key that creates, for the schools that it has made and no others', async () => {
    const creator = await platformKey(t, ['tenants:create']);
    const own = await creator.post('/tenants/', newTenantBody());
    expect((await creator.post(`/tenants/${own.body.id}/provision/`)).status).toBe(200);
    const other = await createSchool(t, { provisioned: false });
    await expectRefusal(t, () => creator.post(`/tenants/${other.id}/provision/`), {
      code: 'permission_denied',
    });
  });

  it('says which step failed and why, keeps nothing, and works when tried again', async () => {
    const school = await createSchool(t, { provisioned: false });
    await t.sql(
      `CREATE SCHEMA ${school.schemaName}; CREATE TABLE ${school.schemaName}.announcements (id int)`,
    );
    const answer = await admin.post(`/tenants/${school.id}/provision/`);
    expectProblem(answer, { code: 'provisioning_failed' });
    expect(answer.body.step).toBe('schema');
    expect(await existing(school)).toEqual({ schema: true, role: false });
    const { body: failed } = await admin.get(`/tenants/${school.id}/`);
    expect(failed).toMatchObject({ status: 'failed', provisioned_at: null, failure: { step: 'schema' } });
    expect(failed.failure.reason).toContain('already exists');
    expectProblem(await visitor(t, school.host).get('/current-tenant/info/'), { code: 'tenant_not_ready' });
    await t.sql(`DROP SCHEMA ${school.schemaName} CASCADE`);
    const again = await admin.post(`/tenants/${school.id}/provision/`);
    expect(again).toMatchObject({ status: 200, body: { status: 'active', failure: null } });
  });

  it('that was asked for with the creation and fails leaves the school, says so and where it is', async () => {
    await t.sql(
      `CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
       CREATE TRIGGER refuse BEFORE INSERT ON public.invitations FOR EACH ROW EXECUTE FUNCTION public.refuse()`,
    );
    const answer = await admin.post('/tenants/', newTenantBody({ provision_now: true }), {
      headers: { 'accept-language': 'en' },
    });
    await t.sql('DROP TRIGGER refuse ON public.invitations; DROP FUNCTION public.refuse()');
    expectProblem(answer, { code: 'provisioning_failed' });
    expect(answer.body.detail).toBe(
      'The step “first_admin” failed; the school is entered but has no space: provision it again.',
    );
    const path = `/tenants/${answer.body.tenant_id}/`;
    expect(answer.headers['location']).toBe(`/api/v1${path}`);
    expect((await admin.get(path)).body).toMatchObject({
      status: 'failed',
      failure: { step: 'first_admin' },
    });
    expect((await admin.post(`${path}provision/`)).body).toMatchObject({ status: 'active', failure: null });
  });
});

describe('provisioning where files cannot be kept', () => {
  it('fails at that step, keeps nothing, and works once they can', async () => {
    const school = await createSchool(t, { provisioned: false });
    // A file where its folder should be.
    mkdirSync(dirname(folderOf(school)), { recursive: true });
    writeFileSync(folderOf(school), '');
    const answer = await admin.post(`/tenants/${school.id}/provision/`);
    expectProblem(answer, { code: 'provisioning_failed' });
    expect(answer.body.step).toBe('storage_prefix');
    expect(await existing(school)).toEqual({ schema: false, role: false });
    const [run] = await runsOf(school);
    expect(run).toMatchObject({
      id: answer.body.job_id,
      status: 'failed',
      failure: { step: 'storage_prefix' },
    });
    expect(run?.steps.map(({ name, status }) => [name, status])).toEqual([
      ...STEPS.slice(0, 4).map((name) => [name, 'done']),
      ['storage_prefix', 'failed'],
    ]);
    rmSync(folderOf(school), { force: true });
    expect((await admin.post(`/tenants/${school.id}/provision/`)).status).toBe(200);
    expect((await runsOf(school)).map(({ status }) => status)).toEqual(['done', 'failed']);
  });

  it('leaves no folder when a later step fails', async () => {
    const school = await createSchool(t, { provisioned: false });
    await t.sql(
      `CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
       CREATE TRIGGER refuse BEFORE INSERT ON public.invitations FOR EACH ROW EXECUTE FUNCTION public.refuse()`,
    );
    expectProblem(await admin.post(`/tenants/${school.id}/provision/`), { code: 'provisioning_failed' });
    await t.sql('DROP TRIGGER refuse ON public.invitations; DROP FUNCTION public.refuse()');
    expect(existsSync(folderOf(school))).toBe(false);
    expect((await admin.post(`/tenants/${school.id}/provision/`)).status).toBe(200);
    expect(existsSync(folderOf(school))).toBe(true);
  });
});

describe('a run whose process died', () => {
  /** As a killed process leaves it: begun, and silent since. */
  const leaveRun = (school: School, attempts: number) =>
    t.sql(
      `INSERT INTO public.jobs (id, kind, tenant_id, payload, unique_key, status, owner, heartbeat_at, attempts, max_attempts, actor_type, actor_label)
       VALUES (gen_random_uuid(), 'tenant.provision', $1::uuid, jsonb_build_object('tenant_id', $1::uuid::text), $1::uuid::text, 'running',
         gen_random_uuid(), now() - interval '1 minute', $2, 5, 'operator', 'preau')`,
      [school.id, attempts],
    );

  it('is gone on with by a worker, under the name of who asked', async () => {
    const school = await createSchool(t, { provisioned: false });
    await leaveRun(school, 1);
    const worker = await createTestApp({ fresh: t.fresh, jobs: [] });
    await vi.waitUntil(async () => (await runsOf(school))[0]?.status === 'done', { timeout: 10_000 });
    await worker.close();
    const [run] = await runsOf(school);
    expect(run).toMatchObject({ attempts: 2, result: { schema_name: school.schemaName } });
    expect(run?.steps.map(({ name }) => name)).toEqual(STEPS);
    expect((await admin.get(`/tenants/${school.id}/`)).body).toMatchObject({
      status: 'active',
      failure: null,
    });
    const [row] = await t.sql(
      `SELECT actor_type FROM public.audit_log WHERE tenant_id = $1 AND action = 'tenant.provision'`,
      [school.id],
    );
    expect(row).toEqual({ actor_type: 'operator' });
  });

  it('is taken over by whoever asks again', async () => {
    const school = await createSchool(t, { provisioned: false });
    await leaveRun(school, 1);
    expect((await admin.post(`/tenants/${school.id}/provision/`)).status).toBe(200);
    expect(await runsOf(school)).toMatchObject([{ status: 'done', attempts: 2 }]);
  });

  it('as often as it may be begun leaves a school that says so and can be tried again', async () => {
    const school = await createSchool(t, { provisioned: false });
    await leaveRun(school, 5);
    const worker = await createTestApp({ fresh: t.fresh, jobs: [] });
    const shown = async () => (await admin.get(`/tenants/${school.id}/`)).body;
    await vi.waitUntil(async () => (await shown()).status === 'failed', { timeout: 10_000 });
    await worker.close();
    expect((await shown()).failure.reason).toContain('ended without a word');
    expect((await admin.post(`/tenants/${school.id}/provision/`)).status).toBe(200);
  });
});

describe('provisioning while the database is down', () => {
  it('is 503 before it began, and nothing has changed', async () => {
    const fresh = await platformDatabase();
    const line = await cutLine(fresh.url);
    const apart = await createTestApp({ fresh, url: line.url });
    const there = await superadmin(apart);
    const school = await createSchool(apart, { provisioned: false });
    // The key is known by now: the answer is about the work and not about who asks.
    expect((await there.get(`/tenants/${school.id}/`)).status).toBe(200);
    const before = await stateOf(apart);
    await line.cut();
    for (const ask of [
      () => there.post(`/tenants/${school.id}/provision/`),
      () => there.post('/tenants/', { ...newTenantBody(), provision_now: true }),
      () => there.get('/tenants/'),
      () => visitor(apart, 'never-seen.localhost').get('/current-tenant/theme/'),
    ]) {
      const answer = await ask();
      expectProblem(answer, { code: 'service_unavailable' });
      expect(answer.headers['retry-after']).toMatch(/^\d+$/);
    }
    expect((await there.send({ method: 'GET', url: '/readyz' })).status).toBe(503);
    expect((await there.send({ method: 'GET', url: '/healthz' })).status).toBe(200);
    expect(await stateOf(apart)).toEqual(before);
    await line.mend();
    expect((await there.send({ method: 'GET', url: '/readyz' })).status).toBe(200);
    expect((await there.post(`/tenants/${school.id}/provision/`)).status).toBe(200);
    await apart.close();
    await line.close();
    await fresh.drop();
  });

  it('is 503 in the middle of it, and the schema, the role and the school are as before', async () => {
    const school = await createSchool(t, { provisioned: false });
    const before = await stateOf(t);
    await withClient(t.fresh.adminUrl, async (holder) => {
      // Holds what recording the schema's version waits for, so that the schema, the role and the tables are already made.
      await holder.query('BEGIN; LOCK TABLE public.schema_versions IN SHARE MODE');
      const asked = admin.post(`/tenants/${school.id}/provision/`);
      await vi.waitUntil(async () => {
        const rows = await t.sql(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND wait_event = 'relation'`,
          [t.fresh.name],
        );
        return rows.length === 1;
      });
      expectProblem(await asked, { code: 'service_unavailable' });
    });
    const { 'public.jobs': _, ...left } = await stateOf(t);
    expect(before).toMatchObject(left);
    // What was tried is on record, with the step that it was at.
    expect(await runsOf(school)).toMatchObject([{ status: 'failed', failure: { step: 'snapshot' } }]);
    expect(await existing(school)).toEqual({ schema: false, role: false });
    expect(await admin.post(`/tenants/${school.id}/provision/`)).toMatchObject({
      status: 200,
      body: { status: 'active' },
    });
  });
});
