import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool } from '../../../test/support/builders.ts';
import { type Client, superadmin } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { migrateFleet } from './index.ts';

let t: TestApp;
let admin: Client;
beforeAll(async () => {
  t = await createTestApp();
  admin = await superadmin(t);
});
afterAll(() => t.close());

describe('migrating the fleet', () => {
  it('leaves no archived school behind: a restore opens it as it is', async () => {
    const school = await createSchool(t);
    await admin.delete(`/tenants/${school.id}/`);
    await t.sql(`DROP TABLE ${school.schemaName}.announcements`);
    await t.sql('UPDATE public.schema_versions SET version = NULL WHERE schema_name = $1', [
      school.schemaName,
    ]);
    expect(await migrateFleet(t.database)).toMatchObject([{ schemaName: school.schemaName, from: null }]);
    await expect(t.services.migrator.behind()).resolves.toEqual([]);
    expect((await admin.post(`/tenants/${school.id}/restore/`)).body).toMatchObject({ status: 'active' });
  });
});
