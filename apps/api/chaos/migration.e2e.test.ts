import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { bareEnvironment } from '@preau/testkit/bare-environment';
import { newSchemaName } from '@preau/tenancy';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import type { Report } from '../bench/report.ts';
import { createTestApp } from '../test/support/harness.ts';
import { runMigrator } from './migration/migrator-process.ts';
import { prove } from './migration/proof.ts';
import { enterSchool } from './migration/school.ts';

describe('chaos migration --short', () => {
  it('kills migrators and converges, with every report true', { timeout: 240_000 }, async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [path.join(import.meta.dirname, 'run.ts'), 'migration', '--short', '--strict', '--json'],
      { env: bareEnvironment() },
    );
    const { results } = JSON.parse(stdout) as Report;
    const goals = results.filter(({ goal }) => goal);
    expect(goals).toHaveLength(4);
    expect(goals.filter(({ holds }) => !holds)).toEqual([]);
    expect(results.find(({ name }) => name === 'migrators killed')?.value).toBeGreaterThan(0);
  });
});

describe('the proof of migrations', () => {
  it('finds a school half migrated, and a record that is not true', { timeout: 60_000 }, async () => {
    const t = await createTestApp();
    const admin = new pg.Pool({ connectionString: t.fresh.adminUrl, max: 1 });
    const names = [newSchemaName(), newSchemaName()].toSorted((a, b) => (a < b ? -1 : 1));
    for (const [number, name] of names.entries())
      await t.database.tenancy.central(async ({ trx }) => {
        await t.database.migrator.buildTenant(trx, name);
        await enterSchool(trx, name, number);
      });
    const ended = await runMigrator(t.fresh.url, 1);
    expect(ended.code).toBe(0);
    expect(ended.migrated.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(names);
    const look = () => prove(t.database, admin, 1, [ended]);
    expect(await look()).toEqual({ current: 2, drifted: [], lies: [] });
    await t.sql(`DROP TABLE ${names[0]}.chaos_1`);
    await t.sql('DELETE FROM public.fleet_results WHERE schema_name = $1', [names[1]]);
    const found = await look();
    expect(found.drifted).toEqual([expect.stringContaining(names[0] ?? '')]);
    expect(found.lies).toEqual([
      `${names[1]}: told as migrated, and not on record`,
      `${names[1]}: migrated, and by no run`,
    ]);
    await admin.end();
    await t.close();
  });
});
