import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../../test/support/builders.ts';
import { type Client, superadmin } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { nextRelease, step } from '../../../test/support/taller-ladder.ts';
import { createFleetInspection, migrateFleet, runMigration } from './index.ts';
import { undoRun } from './fleet.service.ts';

let t: TestApp;
let admin: Client;
let schools: School[];
beforeAll(async () => {
  t = await createTestApp({ jobs: [] });
  admin = await superadmin(t);
});
afterAll(() => t.close());

const MOOD = '20990101_000001_mood';
const mood = step(
  MOOD,
  'ALTER TABLE announcements ADD COLUMN mood text',
  'ALTER TABLE announcements DROP COLUMN mood',
);
const quick = { lockTimeout: 50, attempts: 3, pause: 1 };

beforeEach(async () => {
  schools = [await createSchool(t), await createSchool(t), await createSchool(t)];
  schools.sort((a, b) => (a.schemaName < b.schemaName ? -1 : 1));
});
afterEach(async () => {
  // A clean fleet for the next: no school, no run.
  for (const { id, subdomain } of schools)
    await admin.delete(`/tenants/${id}/`, { query: { purge: true }, headers: { 'x-confirm': subdomain } });
  await t.sql('TRUNCATE public.fleet_runs, public.fleet_results');
});

const versions = async () =>
  Object.fromEntries(
    (
      await t.sql<{ schema_name: string; version: string }>(
        `SELECT schema_name, version FROM public.schema_versions WHERE ladder = 'tenant'`,
      )
    ).map(({ schema_name, version }) => [schema_name, version]),
  );
const withMood = async () =>
  (
    await t.sql<{ table_schema: string }>(
      `SELECT table_schema FROM information_schema.columns WHERE column_name = 'mood' ORDER BY 1`,
    )
  ).map(({ table_schema }) => table_schema);
const names = () => schools.map(({ schemaName }) => schemaName);

describe('a run', () => {
  it('brings every school up to date, keeps what became of each, and then there is nothing to do in one query', async () => {
    const next = nextRelease(t, mood);
    const run = await runMigration(next, {});
    expect(run).toMatchObject({ status: 'done', shared: null });
    expect(run.reports.map(({ schemaName }) => schemaName).toSorted()).toEqual(names());
    expect(run.reports.every(({ outcome, subdomain }) => outcome === 'migrated' && subdomain)).toBe(true);
    expect(await withMood()).toEqual(names());
    const kept = await admin.get(`/fleet/migrations/${run.id}/`);
    expect(kept.body).toMatchObject({ status: 'done', total: 3, migrated: 3, failed: 0, target: MOOD });
    expect(kept.body.results.map((row: { applied: string[] }) => row.applied)).toEqual([
      [MOOD],
      [MOOD],
      [MOOD],
    ]);
    const audit = await t.sql('SELECT action FROM public.audit_log WHERE target_id = $1 ORDER BY seq', [
      run.id,
    ]);
    expect(audit).toEqual([{ action: 'fleet.migrate' }, { action: 'fleet.migrate_ended' }]);

    const asked: string[] = [];
    const listen = ({ sql }: { sql: string }) => asked.push(sql);
    t.database.knex.on('query', listen);
    expect(await runMigration(next, {})).toMatchObject({ id: null, status: 'done', reports: [] });
    t.database.knex.removeListener('query', listen);
    expect(asked.filter((sql) => !/^(BEGIN|COMMIT)/.test(sql))).toHaveLength(1);
    expect((await admin.get('/fleet/migrations/')).body.count).toBe(1);
  });

  it('tries again where a lock is held, goes on with the others, and takes up only what failed when told', async () => {
    const next = nextRelease(t, mood);
    const [held, ...rest] = names();
    const holder = new pg.Client({ connectionString: t.fresh.adminUrl });
    await holder.connect();
    await holder.query(`BEGIN; LOCK TABLE ${held}.announcements IN ACCESS SHARE MODE`);
    const run = await runMigration(next, quick);
    expect(run.status).toBe('failed');
    expect(run.reports.find(({ schemaName }) => schemaName === held)).toMatchObject({
      outcome: 'failed',
      attempts: 3,
      error: expect.stringContaining('lock timeout'),
    });
    expect(await withMood()).toEqual(rest);

    const status = await createFleetInspection(next).status();
    expect(status).toMatchObject({
      total: 3,
      current: 2,
      behind: 1,
      last_run: { id: run.id, status: 'failed' },
    });
    expect(status.failed).toMatchObject([
      { schema_name: held, subdomain: schools[0]?.subdomain, run_id: run.id },
    ]);

    await holder.query('COMMIT');
    await holder.end();
    const again = await runMigration(next, { onlyFailed: true });
    expect(again.reports).toMatchObject([{ schemaName: held, outcome: 'migrated' }]);
    expect(await createFleetInspection(next).status()).toMatchObject({ behind: 0, failed: [] });
    expect((await runMigration(next, { onlyFailed: true })).id).toBeNull();
  });

  it('of schools that share a message: one that fails keeps none of its own and holds back no other', async () => {
    for (let more = 0; more < 15; more += 1) schools.push(await createSchool(t));
    schools.sort((a, b) => (a.schemaName < b.schemaName ? -1 : 1));
    // Three to a message: the one in the middle fails, the one before it has arrived, the one behind it was not tried.
    const failing = names()[4] ?? '';
    const next = nextRelease(
      t,
      step(
        MOOD,
        `ALTER TABLE announcements ADD COLUMN mood text;
         DO $$ BEGIN IF current_user = '${failing}' THEN RAISE EXCEPTION 'not this one'; END IF; END $$`,
        'ALTER TABLE announcements DROP COLUMN mood',
      ),
    );
    const run = await runMigration(next, { ...quick, parallel: 1 });
    expect(run.status).toBe('failed');
    const others = names().filter((name) => name !== failing);
    expect(await withMood()).toEqual(others);
    expect(Object.entries(await versions()).filter(([, version]) => version !== MOOD)).toHaveLength(1);
    const byName = new Map(run.reports.map((report) => [report.schemaName, report]));
    expect([...byName.keys()].toSorted()).toEqual(names());
    expect(byName.get(failing)).toMatchObject({
      outcome: 'failed',
      error: expect.stringContaining('not this'),
    });
    for (const name of others) expect(byName.get(name)).toMatchObject({ outcome: 'migrated', attempts: 1 });
    expect(await t.sql('SELECT 1 FROM public.fleet_results WHERE error IS NULL')).toHaveLength(17);
  });

  it('waits for a lock that is given back, and needs one attempt more', async () => {
    const next = nextRelease(t, mood);
    const holder = new pg.Client({ connectionString: t.fresh.adminUrl });
    await holder.connect();
    await holder.query(`BEGIN; LOCK TABLE ${names()[0]}.announcements IN ACCESS SHARE MODE`);
    const reported: string[] = [];
    // One at a time: the first, which is held, has been tried when the other two are done.
    const run = await runMigration(next, {
      ...quick,
      parallel: 1,
      attempts: 50,
      onReport: ({ schemaName }) => {
        reported.push(schemaName);
        if (reported.length === 2) void holder.query('COMMIT');
      },
    });
    await holder.end();
    expect(run.status).toBe('done');
    expect(reported[2]).toBe(names()[0]);
    expect(run.reports[2]?.attempts).toBeGreaterThan(1);
  });

  it('begun twice at once migrates each school once', async () => {
    const next = nextRelease(t, mood);
    const runs = await Promise.all([runMigration(next, {}), runMigration(nextRelease(t, mood), {})]);
    const migrated = runs.flatMap(({ reports }) => reports).filter(({ outcome }) => outcome === 'migrated');
    expect(migrated.map(({ schemaName }) => schemaName).toSorted()).toEqual(names());
    expect(runs.every(({ status }) => status === 'done')).toBe(true);
    expect(await t.sql('SELECT 1 FROM public.fleet_results')).toHaveLength(3);
  });

  it('reaches a school that was being built when it began, by code that did not know the migration', async () => {
    const next = nextRelease(t, mood);
    const building = Promise.withResolvers<void>();
    const commit = Promise.withResolvers<void>();
    const late = await createSchool(t, { provisioned: false });
    schools.push(late);
    const built = t.database.tenancy.central(async ({ trx }) => {
      await t.database.migrator.buildTenant(trx, late.schemaName);
      building.resolve();
      await commit.promise;
    });
    await building.promise;
    const running = runMigration(next, {
      // The three that can be seen are done: what is left is to wait for the fourth.
      onReport: ({ schemaName }) => schemaName === names()[2] && commit.resolve(),
    });
    await built;
    const { status, reports } = await running;
    expect({ status, errors: reports.flatMap(({ error = [] }) => error) }).toEqual({
      status: 'done',
      errors: [],
    });
    expect((await versions())[late.schemaName]).toBe(MOOD);
    expect(await withMood()).toContain(late.schemaName);
  });

  it('passes archived schools by, and a restore brings them up to date before they open', async () => {
    const [school] = schools as [School];
    await admin.delete(`/tenants/${school.id}/`);
    // As it was before the last migrations.
    while (await t.database.migrator.rollbackLast(school.schemaName));
    expect(await migrateFleet(t.database)).toEqual([]);
    expect((await versions())[school.schemaName]).toBeNull();
    expect((await admin.get('/fleet/status/')).body).toMatchObject({ behind: 0, archived_behind: 1 });
    expect((await admin.post(`/tenants/${school.id}/restore/`)).body).toMatchObject({ status: 'active' });
    expect((await versions())[school.schemaName]).toBe(t.database.migrator.heads.tenant);
    expect((await createFleetInspection(t.database).drift()).drifted).toEqual([]);
  });

  it('keeps an archived school closed when it cannot be brought up to date', async () => {
    const [school] = schools as [School];
    await admin.delete(`/tenants/${school.id}/`);
    while (await t.database.migrator.rollbackLast(school.schemaName));
    await t.sql(`CREATE TABLE ${school.schemaName}.announcements (id int)`);
    const refused = await admin.post(`/tenants/${school.id}/restore/`);
    expect(refused).toMatchObject({ status: 500, body: { code: 'migration_failed' } });
    expect((await admin.get(`/tenants/${school.id}/`)).body).toMatchObject({ status: 'archived' });
  });

  it('that is told to stop leaves the rest as it is, and the next one does what remains', async () => {
    const next = nextRelease(t, mood);
    const stop = new AbortController();
    const run = await runMigration(next, { parallel: 1, signal: stop.signal, onReport: () => stop.abort() });
    expect(run.status).toBe('stopped');
    expect(run.reports.map(({ outcome }) => outcome)).toEqual(['migrated', 'skipped', 'skipped']);
    expect((await admin.get(`/fleet/migrations/${run.id}/`)).body).toMatchObject({
      status: 'stopped',
      migrated: 1,
    });
    const rest = await runMigration(next, {});
    expect(rest.reports.map(({ outcome }) => outcome)).toEqual(['migrated', 'migrated']);
  });

  it('refuses a migration that would end its transaction, for every school, and changes none', async () => {
    const next = nextRelease(
      t,
      step('20990101_000002_commits', 'CREATE TABLE half (id int PRIMARY KEY); COMMIT', 'DROP TABLE half'),
    );
    const run = await runMigration(next, {});
    expect(run.reports.every(({ error }) => error?.includes('can neither begin nor end'))).toBe(true);
    expect(await t.sql(`SELECT 1 FROM pg_tables WHERE tablename = 'half'`)).toEqual([]);
  });
});

describe('a canary', () => {
  const failsAt = (schemaName: string) =>
    step(
      MOOD,
      `ALTER TABLE announcements ADD COLUMN mood text;
       DO $$ BEGIN IF current_user = '${schemaName}' THEN RAISE EXCEPTION 'not this one'; END IF; END $$`,
      'ALTER TABLE announcements DROP COLUMN mood',
    );

  it('that fails halts the run before the next wave, and the rest is as it was', async () => {
    const run = await runMigration(nextRelease(t, failsAt(names()[0] ?? '')), { canary: 1 });
    expect(run).toMatchObject({ status: 'halted', reason: expect.stringContaining('Wave 1') });
    expect(run.reports.map(({ outcome }) => outcome)).toEqual(['failed', 'skipped', 'skipped']);
    expect(await withMood()).toEqual([]);
  });

  it('that goes well is followed by growing waves', async () => {
    const waves: number[] = [];
    const run = await runMigration(nextRelease(t, mood), {
      canary: 1,
      onWave: ({ schools: size }) => waves.push(size),
    });
    expect({ status: run.status, waves }).toEqual({ status: 'done', waves: [1, 2] });
    expect(await withMood()).toEqual(names());
  });

  it('whose school is not what the migrations make halts the run too', async () => {
    await t.sql(`ALTER TABLE ${names()[0]}.announcements ADD COLUMN by_hand text`);
    const run = await runMigration(nextRelease(t, mood), { canary: 1 });
    expect(run).toMatchObject({ status: 'halted', reason: expect.stringContaining('announcements') });
    expect(run.reports.map(({ outcome }) => outcome)).toEqual(['migrated', 'skipped', 'skipped']);
  });
});

describe('undoing a run', () => {
  it('takes back what it did where it did it, and nothing where a later run has been', async () => {
    const next = nextRelease(t, mood);
    const [first, second, third] = names();
    await runMigration(next, { schema: first });
    const run = await runMigration(next, {});
    const more = nextRelease(t, mood, step('20990101_000002_more', 'SELECT 1', 'SELECT 1'));
    await runMigration(more, { schema: third });
    const undone = await undoRun(more, run.id ?? '', {});
    expect(undone.status).toBe('failed');
    expect(undone.reports).toMatchObject([
      { schemaName: third, outcome: 'failed', error: expect.stringContaining('later run') },
      { schemaName: second, outcome: 'migrated', from: MOOD, to: t.database.migrator.heads.tenant },
    ]);
    expect(await withMood()).toEqual([first, third]);
    expect((await admin.get('/fleet/migrations/')).body.results[0]).toMatchObject({
      kind: 'rollback',
      undoes: run.id,
      migrated: 1,
    });
    expect((await undoRun(more, run.id ?? '', { schema: second })).reports).toEqual([]);
    await runMigration(more, {});
    expect((await createFleetInspection(more).drift()).drifted).toEqual([]);
  });
});

describe('looking at the fleet', () => {
  it('finds what was changed by hand, and says how it should be', async () => {
    const [school] = schools as [School];
    expect((await admin.get('/fleet/drift/')).body).toMatchObject({ compared: 3, drifted: [] });
    await t.sql(`ALTER TABLE ${school.schemaName}.announcements ALTER COLUMN title DROP NOT NULL`);
    await t.sql(`DROP INDEX ${school.schemaName}.announcements_order_index`);
    const { body } = await admin.get('/fleet/drift/');
    expect(body.drifted).toHaveLength(1);
    expect(body.drifted[0]).toMatchObject({ schema_name: school.schemaName, subdomain: school.subdomain });
    expect(body.drifted[0].differences).toEqual(
      expect.arrayContaining([
        { kind: 'column', object: 'announcements.title', expected: 'text NOT NULL', found: 'text' },
        expect.objectContaining({ kind: 'index', object: 'announcements_order_index', found: null }),
      ]),
    );
  });

  it('compares a school that is behind with what its own version makes', async () => {
    const next = nextRelease(t, mood);
    await runMigration(next, { schema: names()[0] });
    expect((await createFleetInspection(next).drift()).drifted).toEqual([]);
    // And the older program knows nothing of the newer version.
    expect((await createFleetInspection(t.database).drift()).drifted).toMatchObject([
      { schemaName: names()[0], unknownVersion: true },
    ]);
  });

  it('finds schemas, roles and versions that have lost their school, and schools that have lost their schema', async () => {
    const [, , lost] = names();
    await t.sql('CREATE SCHEMA t_00000000000000aa');
    await t.sql('CREATE ROLE t_00000000000000bb NOLOGIN; GRANT t_00000000000000bb TO preau');
    await t.sql(
      `INSERT INTO public.schema_versions (schema_name, ladder) VALUES ('t_00000000000000cc', 'tenant')`,
    );
    await t.sql(`ALTER SCHEMA ${lost} RENAME TO elsewhere`);
    const { orphans } = await createFleetInspection(t.database).drift();
    expect(orphans).toEqual(
      expect.arrayContaining([
        { kind: 'schema', schemaName: 't_00000000000000aa' },
        { kind: 'role', schemaName: 't_00000000000000bb' },
        { kind: 'version', schemaName: 't_00000000000000cc' },
        { kind: 'missing', schemaName: lost },
      ]),
    );
    await t.sql(`ALTER SCHEMA elsewhere RENAME TO ${lost}`);
    await t.sql('DROP SCHEMA t_00000000000000aa; DROP ROLE t_00000000000000bb');
    await t.sql(`DELETE FROM public.schema_versions WHERE schema_name = 't_00000000000000cc'`);
    // Roles belong to the server: those of databases that other tests dropped are orphans like any other.
    const left = (await createFleetInspection(t.database).drift()).orphans;
    expect(left.filter(({ kind, schemaName }) => kind !== 'role' || names().includes(schemaName))).toEqual(
      [],
    );
    expect(left).not.toContainEqual({ kind: 'role', schemaName: 't_00000000000000bb' });
  });

  it('tells that a run is interrupted once its process is gone', async () => {
    await t.sql(
      `INSERT INTO public.fleet_runs (id, kind, host, pid, seen_at)
       VALUES ('01900000-0000-7000-8000-000000000000', 'migrate', 'another machine', 1, now() - interval '1 minute')`,
    );
    expect((await admin.get('/fleet/status/')).body.last_run).toMatchObject({ status: 'interrupted' });
    await runMigration(nextRelease(t, mood), {});
    expect(await t.sql(`SELECT status FROM public.fleet_runs ORDER BY id`)).toEqual([
      { status: 'interrupted' },
      { status: 'done' },
    ]);
  });
});

describe('a rehearsal', () => {
  it('runs what is missing on copies, rows included, tells times and locks, and leaves nothing', async () => {
    const [oldest, largest] = [schools.toSorted((a, b) => (a.id < b.id ? -1 : 1))[0], schools[1]] as [
      School,
      School,
    ];
    await t.sql(
      `INSERT INTO ${largest.schemaName}.announcements (id, title, body, author_name)
       SELECT gen_random_uuid(), 'T', repeat('x', 500), 'A' FROM generate_series(1, 2000)`,
    );
    await t.sql('ANALYZE');
    const next = nextRelease(t, mood);
    const rehearsals = await createFleetInspection(next).rehearse();
    const bySchema = new Map(rehearsals.map((rehearsal) => [rehearsal.schemaName, rehearsal]));
    expect([...bySchema.keys()].toSorted()).toEqual(
      [...new Set([oldest.schemaName, largest.schemaName])].toSorted(),
    );
    expect(bySchema.get(largest.schemaName)).toMatchObject({
      because: expect.arrayContaining(['largest']),
      rows: 2000,
      to: MOOD,
      migrations: [{ name: MOOD, locks: [{ relation: 'announcements', mode: 'AccessExclusiveLock' }] }],
    });
    expect(rehearsals.every(({ error }) => !error)).toBe(true);
    expect(await withMood()).toEqual([]);
    expect(await t.sql(`SELECT 1 FROM pg_namespace WHERE nspname LIKE 'rehearsal%'`)).toEqual([]);
  });

  it('tells of a migration that fails on the rows there are, and leaves nothing', async () => {
    const [school] = schools as [School];
    await t.sql(
      `INSERT INTO ${school.schemaName}.announcements (id, title, body, author_name)
       SELECT gen_random_uuid(), 'T', 'b', 'A' FROM generate_series(1, 2)`,
    );
    const unique = step('20990101_000003_unique', 'ALTER TABLE announcements ADD UNIQUE (title)', 'SELECT 1');
    const [rehearsal] = await createFleetInspection(nextRelease(t, unique)).rehearse(school.schemaName);
    expect(rehearsal).toMatchObject({
      because: ['asked'],
      rows: 2,
      error: expect.stringContaining('unique'),
    });
    expect(await t.sql(`SELECT 1 FROM pg_namespace WHERE nspname LIKE 'rehearsal%'`)).toEqual([]);
  });

  it('that was killed leaves a copy that the next look drops, and one under way is left alone', async () => {
    const [school] = schools as [School];
    const copy = 'rehearsal_00000000000000aa';
    await t.sql(`CREATE SCHEMA ${copy} AUTHORIZATION ${school.schemaName}`);
    const living = new pg.Client({ connectionString: t.fresh.adminUrl });
    await living.connect();
    await living.query(`BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('preau.${copy}', 0))`);
    expect(await t.services.fleet.sweepRehearsals()).toEqual([]);
    await living.end();
    const gone = async () => (await t.services.fleet.sweepRehearsals()).includes(copy);
    // The server notices a moment after the client that the connection has ended.
    while (!(await gone()));
    expect(await t.sql(`SELECT 1 FROM pg_namespace WHERE nspname = $1`, [copy])).toEqual([]);
  });
});

describe('POST /fleet/migrations/', () => {
  const ended = async (id: string) => {
    for (;;) {
      const heard = t.hears('job', id);
      const { body } = await admin.get(`/jobs/${id}/`);
      if (['done', 'failed', 'cancelled'].includes(body.status)) return body;
      await heard;
    }
  };

  it('migrates as a job whose progress counts schools, and whose run is kept', async () => {
    const [school] = schools as [School];
    while (await t.database.migrator.rollbackLast(school.schemaName));
    const { status, body } = await admin.post('/fleet/migrations/', { school: school.subdomain });
    expect(status).toBe(201);
    const job = await ended(body.job_id);
    expect(job).toMatchObject({
      status: 'done',
      kind: 'fleet.migrate',
      progress: { done: 1, total: 1, unit: 'schools' },
      result: { status: 'done', migrated: 1, failed: 0 },
    });
    const run = await admin.get(`/fleet/migrations/${job.result.run_id}/`);
    expect(run.body.results).toMatchObject([{ schema_name: school.schemaName, subdomain: school.subdomain }]);
  });

  it('refuses a school and a run that are not there', async () => {
    expect((await admin.post('/fleet/migrations/', { school: 'nowhere' })).body.code).toBe(
      'tenant_not_found',
    );
    const undo = '01900000-0000-7000-8000-000000000001';
    expect((await admin.post('/fleet/migrations/', { undo })).body.code).toBe('not_found');
  });
});
