import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../support/builders.ts';
import { type Command, preauOn } from '../support/command.ts';
import { createTestApp, type TestApp } from '../support/harness.ts';

let t: TestApp;
let preau: Command;
let schools: School[];
beforeAll(async () => {
  t = await createTestApp();
  preau = preauOn(t.fresh.url);
  schools = [await createSchool(t), await createSchool(t), await createSchool(t)].toSorted((a, b) =>
    a.schemaName < b.schemaName ? -1 : 1,
  );
});
afterAll(async () => {
  await preau.close();
  await t.close();
});

const toBottom = async () => {
  for (const { schemaName } of schools) while (await t.database.migrator.rollbackLast(schemaName));
};

describe('preau migrate', () => {
  it('halts after a canary that failed with exit code 5, tells why, and is taken up again school by school', async () => {
    await toBottom();
    const [first, second, third] = schools as [School, School, School];
    await t.sql(`CREATE TABLE ${first.schemaName}.announcements (id int)`);
    const halted = await preau('migrate', '--canary', '1');
    expect(halted.code).toBe(5);
    expect(halted.err).toMatch(/Halted: Wave 1 has failures/);
    expect(halted.lines().map(({ subdomain, outcome }) => [subdomain, outcome])).toEqual([
      [first.subdomain, 'failed'],
      [second.subdomain, 'skipped'],
      [third.subdomain, 'skipped'],
    ]);

    const status = (await preau('fleet', 'status')).lines()[0];
    expect(status).toMatchObject({
      total: 3,
      current: 0,
      behind: 3,
      last_run: { status: 'halted', failed: 1 },
    });
    expect(status.failed).toMatchObject([
      { subdomain: first.subdomain, error: expect.stringContaining('already exists') },
    ]);
    expect((await preau('migrate', '--plan', '--retry-failed')).lines()).toMatchObject([
      { schema_name: first.schemaName },
    ]);
    await t.sql(`DROP TABLE ${first.schemaName}.announcements`);
    expect((await preau('migrate', '--retry-failed')).lines()).toMatchObject([
      { subdomain: first.subdomain, outcome: 'migrated' },
    ]);
    expect((await preau('migrate', '--schema', second.subdomain)).lines()).toHaveLength(1);
    expect((await preau('migrate')).lines()).toMatchObject([{ subdomain: third.subdomain }]);
    const runs = (await preau('fleet', 'runs')).lines();
    expect(runs.map(({ status: end }) => end)).toEqual(['done', 'done', 'done', 'halted']);
    expect((await preau('fleet', 'report')).lines()[0]).toMatchObject({
      id: runs[0].id,
      results: [{ subdomain: third.subdomain, error: null }],
    });
  });

  it('undoes its last run and no more, and rehearses what is then missing', async () => {
    const undone = await preau('migrate', '--rollback', 'last');
    expect(undone).toMatchObject({ code: 0 });
    expect(undone.lines()).toMatchObject([{ subdomain: schools[2]?.subdomain, to: null }]);
    const [rehearsal] = (await preau('migrate', '--rehearse')).lines();
    expect(rehearsal).toMatchObject({ subdomain: schools[2]?.subdomain, from: null, error: null });
    expect(rehearsal.migrations.length).toBeGreaterThan(0);
    expect((await preau('migrate')).code).toBe(0);
    expect((await preau('migrate', '--rehearse')).err).toMatch(/Nothing to rehearse/);
  });

  it('refuses numbers that are none and runs that are not there', async () => {
    expect((await preau('migrate', '--canary', '0')).code).toBe(2);
    expect((await preau('migrate', '--rollback', 'yesterday')).code).toBe(3);
    expect((await preau('fleet', 'report', '01900000-0000-7000-8000-000000000001')).code).toBe(3);
  });
});

describe('preau fleet drift', () => {
  it('names the school that was changed by hand, with exit code 7', async () => {
    const [school] = schools as [School];
    expect(await preau('fleet', 'drift', '--schema', school.subdomain)).toMatchObject({ code: 0, out: '' });
    await t.sql(`ALTER TABLE ${school.schemaName}.announcements ADD COLUMN by_hand text`);
    const drifted = await preau('fleet', 'drift', '--schema', school.subdomain);
    expect(drifted.code).toBe(7);
    expect(drifted.lines()[0]).toMatchObject({ subdomain: school.subdomain });
    expect(drifted.lines()[0].differences).toContainEqual({
      kind: 'column',
      object: 'announcements.by_hand',
      expected: null,
      found: 'text',
    });
    await t.sql(`ALTER TABLE ${school.schemaName}.announcements DROP COLUMN by_hand`);
    // The gap that the column leaves in PostgreSQL's count is no difference.
    expect((await preau('fleet', 'drift', '--schema', school.subdomain)).code).toBe(0);
  });
});
