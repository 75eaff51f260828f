import { globSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CentralModel } from '../../src/database/central.model.ts';
import { TenantModel } from '../../src/database/tenant.model.ts';
import { createSchool, type School } from '../support/builders.ts';
import { createTestApp, type TestApp } from '../support/harness.ts';

type ModelClass = { name: string; tableName: string; prototype: object };

let t: TestApp;
let school: School;
let models: ModelClass[];
beforeAll(async () => {
  t = await createTestApp();
  school = await createSchool(t);
  const root = fileURLToPath(new URL('../../src', import.meta.url));
  const files = globSync('features/**/*.ts', { cwd: root }).filter((file) =>
    /\.(model|repository)\.ts$/.test(file),
  );
  const modules = await Promise.all(
    files.map((file) => import(pathToFileURL(`${root}/${file}`).href) as Promise<Record<string, unknown>>),
  );
  models = modules
    .flatMap((module) => Object.values(module))
    .filter(
      (value): value is ModelClass =>
        typeof value === 'function' && 'tableName' in value && value.tableName !== undefined,
    );
});
afterAll(() => t.close());

const tablesOf = async (schema: string) =>
  (
    await t.sql<{ name: string }>(
      'SELECT tablename AS name FROM pg_tables WHERE schemaname = $1 ORDER BY 1',
      [schema],
    )
  ).map(({ name }) => name);
const under = (base: { prototype: object }) =>
  models.filter(({ prototype }) => base.prototype.isPrototypeOf(prototype));

describe('tables and models', () => {
  it('every table of a school has a model, and every model of a school its table', async () => {
    expect(
      under(TenantModel)
        .map(({ tableName }) => tableName)
        .toSorted(),
    ).toEqual(await tablesOf(school.schemaName));
  });

  it('every shared model names a table of the shared schema', async () => {
    const shared = await tablesOf('public');
    for (const { tableName, name } of under(CentralModel)) {
      expect(tableName, name).toMatch(/^public\./);
      expect(shared, name).toContain(tableName.slice('public.'.length));
    }
    expect(under(TenantModel).length + under(CentralModel).length).toBe(models.length);
  });

  it('tables of a school could be moved to another node: keys everywhere, no trigger, no way out', async () => {
    const rows = await t.sql(
      `SELECT c.relname FROM pg_class c WHERE c.relnamespace = $1::text::regnamespace AND c.relkind = 'r'
         AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p')
       UNION ALL SELECT tgname FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid WHERE c.relnamespace = $1::text::regnamespace AND NOT tgisinternal
       UNION ALL SELECT conname FROM pg_constraint k JOIN pg_class f ON f.oid = k.confrelid
         WHERE k.connamespace = $1::regnamespace AND k.contype = 'f' AND f.relnamespace <> $1::regnamespace
       UNION ALL SELECT inhrelid::regclass::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE c.relnamespace = $1::text::regnamespace`,
      [school.schemaName],
    );
    expect(rows).toEqual([]);
  });

  it('all of a school belongs to its role, and no other role has a right to it', async () => {
    const owners = await t.sql(
      `SELECT DISTINCT pg_get_userbyid(relowner) AS owner FROM pg_class WHERE relnamespace = $1::text::regnamespace`,
      [school.schemaName],
    );
    expect(owners).toEqual([{ owner: school.schemaName }]);
    const granted = await t.sql(
      `SELECT relname::text FROM pg_class, aclexplode(relacl) a WHERE relnamespace = $1::text::regnamespace AND a.grantee <> relowner
       UNION ALL SELECT nspname FROM pg_namespace, aclexplode(nspacl) a WHERE nspname = $1::text AND a.grantee <> nspowner`,
      [school.schemaName],
    );
    expect(granted).toEqual([]);
  });
});
