import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../../test/support/builders.ts';
import { contentOf, fillSchool } from '../../../test/support/filled-school.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { endOfJob } from '../../../test/support/jobs.ts';
import { OPERATOR } from '../audit/index.ts';

let t: TestApp;

/** The school as it is now: a restore in place gives it another schema. */
async function again(school: School): Promise<School> {
  const [row] = await t.sql<{ schema_name: string }>('SELECT schema_name FROM public.tenants WHERE id = $1', [
    school.id,
  ]);
  const schemaName = row?.schema_name ?? '';
  return { ...school, schemaName, ref: { id: school.id, schemaName } };
}
beforeAll(async () => {
  t = await createTestApp({ jobs: [] });
});
afterAll(() => t.close());

describe('a backup', () => {
  it(
    'brings an erased school back as it was, by catalogue and by content',
    { timeout: 120_000 },
    async () => {
      const school = await createSchool(t);
      await fillSchool(t, school, { rows: 300, files: 1_000 });
      const before = await contentOf(t, school);

      const { job_id, bundle_id } = await t.services.bundles.make(OPERATOR, school.id);
      expect(await endOfJob(t, job_id)).toMatchObject({ status: 'done' });
      expect(await t.services.bundles.get(bundle_id)).toMatchObject({
        status: 'done',
        row_count: expect.any(String),
      });
      const removing = await t.services.lifecycle.purge(OPERATOR, school.id, school.subdomain);
      expect(await endOfJob(t, removing)).toMatchObject({ status: 'done' });

      const restored = await t.services.bundles.restore(OPERATOR, bundle_id, { mode: 'back' }, undefined);
      expect(restored.tenant_id).toBe(school.id);
      expect(await endOfJob(t, restored.job_id)).toMatchObject({ status: 'done', failure: null });
      const back = await again(school);
      expect(await contentOf(t, back)).toEqual(before);
      const { migrator } = t.database;
      expect(
        await migrator.findDrift([{ schemaName: back.schemaName, version: migrator.tenantVersion }]),
      ).toEqual([]);
    },
  );
});
