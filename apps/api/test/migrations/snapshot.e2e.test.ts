import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogueDifference, catalogueDigest, createMigrator, newSchemaName } from '@preau/tenancy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadLadders, SNAPSHOT_FILE } from '../../src/database/database.ts';
import { keepSnapshot } from '../../src/features/fleet/snapshot.ts';
import { createSchool } from '../support/builders.ts';
import { createTestApp, type TestApp } from '../support/harness.ts';

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp();
});
afterAll(() => t.close());

/** A school that climbed the ladder one migration after the other. */
async function climbed(): Promise<string> {
  const name = newSchemaName();
  const step = createMigrator({ knex: t.database.knex, ladders: await loadLadders(), snapshot: null });
  await t.services.tenancy.central(({ trx }) => step.buildTenant(trx, name));
  return name;
}

describe('the snapshot that is kept with the migrations', () => {
  it('is what the ladder makes: if not, run `pnpm preau fleet snapshot` and keep the result', async () => {
    expect(t.database.migrator.snapshotIsCurrent).toBe(true);
    await expect(keepSnapshot(t.database.migrator, { check: true })).resolves.toMatchObject({
      file: SNAPSHOT_FILE,
      changed: false,
    });
  });

  it('makes schools that PostgreSQL cannot tell from those that climbed the ladder', async () => {
    const { schemaName } = await createSchool(t);
    const name = await climbed();
    const { knex } = t.database;
    expect(await catalogueDifference(knex, name, schemaName)).toEqual([]);
    const digests = await catalogueDigest(knex, [name, schemaName]);
    expect(digests.size).toBe(2);
    expect(digests.get(name)).toBe(digests.get(schemaName));
  });

  it('is written when it is another one, left alone when it is not, and only looked at with `check`', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'preau-kept-'));
    const file = join(folder, 'snapshot.sql');
    const { migrator } = t.database;
    await expect(keepSnapshot(migrator, { file, check: true })).rejects.toThrow('fleet snapshot');
    expect(await keepSnapshot(migrator, { file })).toMatchObject({ changed: true });
    expect(await keepSnapshot(migrator, { file })).toMatchObject({ changed: false });
    expect(readFileSync(file)).toEqual(readFileSync(SNAPSHOT_FILE));
    writeFileSync(file, readFileSync(file, 'utf8').replace('CREATE', 'CREATE UNLOGGED'));
    await expect(keepSnapshot(migrator, { file, check: true })).rejects.toThrow(
      'is not what the ladder makes',
    );
    rmSync(folder, { recursive: true });
  });
});
