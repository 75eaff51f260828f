import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMember, createSchool } from '../../../test/support/builders.ts';
import { superadmin } from '../../../test/support/clients.ts';
import { fillSchool } from '../../../test/support/filled-school.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { archived, endOfJob } from '../../../test/support/jobs.ts';
import { OPERATOR } from '../audit/index.ts';
import { unwatched } from '../../../test/support/bundle-samples.ts';

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp({ jobs: [] });
});
afterAll(() => t.close());

/** Without roles: other tests make some ahead for databases of their own in the same server, where they own nothing yet. */
const strays = async () => (await t.services.orphans.scan()).filter(({ kind }) => kind !== 'role');
const dated = (days: number): Date => new Date(Date.now() + days * 86_400_000);

describe('a school that is erased', () => {
  it(
    'leaves nothing anywhere but signed lines in the trail, and the backups it had',
    { timeout: 60_000 },
    async () => {
      const school = await createSchool(t);
      await fillSchool(t, school, { rows: 10, files: 12 });
      const member = await addMember(t, school, 'teacher');
      const admin = await superadmin(t);
      await admin.post(`/tenants/${school.id}/api_keys/`, { name: 'k', scopes: ['school:read'] });
      const backup = await archived(t, school);
      const removing = await t.services.lifecycle.purge(OPERATOR, school.id, school.subdomain);
      expect(await endOfJob(t, removing)).toMatchObject({ status: 'done', result: { files: 12 } });

      // Past the product: every column of every table, but the trail and the count of archives.
      const columns = await t.sql<{ place: string; column: string }>(
        `SELECT c.oid::regclass::text AS place, quote_ident(a.attname) AS column FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
       JOIN pg_type y ON y.oid = a.atttypid WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
         AND c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'audit'::regnamespace)
         AND y.typcategory IN ('S', 'U')`,
      );
      const traces = async (): Promise<string[]> => {
        const found: string[] = [];
        for (const { place, column } of columns) {
          const rows = await t.sql(`SELECT FROM ${place} WHERE ${column}::text LIKE ANY($1) LIMIT 1`, [
            [school.id, school.schemaName, member.id, member.email].map((text) => `%${text}%`),
          ]);
          if (rows.length > 0) found.push(`${place}.${column}`);
        }
        return found.toSorted();
      };
      // What is to be removed stands in the job that did it; the queue lets go of its own row a moment after the job's end.
      await expect
        .poll(traces, { timeout: 20_000 })
        .toEqual(['bundles.storage_key', 'bundles.tenant_id', 'jobs.payload']);
      expect(await t.sql('SELECT FROM pg_roles WHERE rolname = $1', [school.schemaName])).toEqual([]);
      expect(await strays()).toEqual([]);

      const trail = await t.sql<{ action: string; after: Record<string, unknown> }>(
        "SELECT action, after FROM audit.log WHERE tenant_id = $1 AND action LIKE 'tenant.%' ORDER BY seq DESC LIMIT 2",
        [school.id],
      );
      expect(trail.map(({ action }) => action)).toEqual(['tenant.erased', 'tenant.purge']);
      expect(trail[0]?.after).toMatchObject({
        schema: 0,
        role: 0,
        shared_rows: 0,
        files: 0,
        files_removed: 12,
      });
      expect(await t.services.lifecycle.erasure(school.id)).toMatchObject({ genuine: true, traces: [] });
      await t.sql(
        `INSERT INTO audit.log (tenant_id, actor_type, actor_label, action, target_type, after)
       SELECT gen_random_uuid(), actor_type, actor_label, action, target_type, after FROM audit.log WHERE tenant_id = $1 AND action = 'tenant.erased'`,
        [school.id],
      );
      const [forged] = await t.sql<{ id: string }>(
        'SELECT tenant_id AS id FROM audit.log ORDER BY seq DESC LIMIT 1',
      );
      expect(await t.services.lifecycle.erasure(forged?.id ?? '')).toMatchObject({ genuine: false });
      expect((await admin.get('/audit_log/verify/', { query: { tenant: school.id } })).body.holds).toBe(true);
      const list = await admin.get('/backups/', { query: { erased: true } });
      expect(list.body.results.map(({ id }: { id: string }) => id)).toEqual([backup]);
    },
  );

  it('is so when its time is over, and not before; brought back, it stays', { timeout: 60_000 }, async () => {
    const admin = await superadmin(t);
    const [over, waiting, back] = [await createSchool(t), await createSchool(t), await createSchool(t)];
    for (const { id } of [over, waiting, back]) await admin.delete(`/tenants/${id}/`);
    await t.sql("UPDATE public.tenants SET purge_at = now() - interval '1 minute' WHERE id = ANY($1)", [
      [over.id, back.id],
    ]);
    await admin.post(`/tenants/${back.id}/restore/`);
    expect(await t.services.bundleCare.care(unwatched)).toMatchObject({ purged: 1 });
    const left = await t.sql<{ id: string; status: string }>(
      'SELECT id, status FROM public.tenants WHERE id = ANY($1) ORDER BY created_on',
      [[over.id, waiting.id, back.id]],
    );
    expect(left).toEqual([
      { id: waiting.id, status: 'archived' },
      { id: back.id, status: 'active' },
    ]);
  });
});

describe('the scan for orphans', () => {
  it(
    'finds files, archives and schemas that are nobody’s, and archives that are gone',
    { timeout: 60_000 },
    async () => {
      const school = await createSchool(t);
      const id = await archived(t, school);
      const [row] = await t.sql<{ storage_key: string }>(
        'SELECT storage_key FROM public.bundles WHERE id = $1',
        [id],
      );
      const { storage } = t.services;
      const nobody = '00000000-0000-7000-8000-00000000dead';
      await storage.write(
        `mediafiles/tenant_${nobody}/documents/a.txt`,
        Readable.from([Buffer.from('seven..')]),
      );
      await t.sql('CREATE SCHEMA t_00000000000000cc');
      await t.services.bundleCare.drop(id);
      await t.sql(
        `INSERT INTO public.bundles (id, tenant_id, school_name, subdomain, kind, cause, status, storage_key, encrypted, made_by, finished_at)
       VALUES ($1, $2, 'x', 'x', 'backup', 'asked', 'done', $3, false, 'x', now())`,
        [id, school.id, row?.storage_key],
      );
      expect(await strays()).toEqual([
        { kind: 'schema', name: 't_00000000000000cc', amount: null },
        { kind: 'files', name: `mediafiles/tenant_${nobody}/`, amount: 7 },
        { kind: 'missing archive', name: row?.storage_key, amount: null },
      ]);
      await t.sql('DROP SCHEMA t_00000000000000cc');
      await storage.removeAll(`mediafiles/tenant_${nobody}/`);
      await t.sql('DELETE FROM public.bundles WHERE id = $1', [id]);
    },
  );
});

describe('the care of archives', () => {
  it(
    'backs every open school up at its time, once a day, and drops what has had its time',
    { timeout: 60_000 },
    async () => {
      const school = await createSchool(t);
      const { createBundleCare } = await import('./index.ts');
      const { openStorage } = await import('../../platform/storage/storage-place.ts');
      const { bundles, lifecycle, tenancy } = t.services;
      const care = createBundleCare({
        tenancy,
        bundles,
        lifecycle,
        backups: openStorage({ kind: 'disk', folder: `${t.dataDir}/backups` }),
        schedule: { time: '02:30', keep: { days: 7, weeks: 4 } },
      });
      const scheduled = () =>
        t.sql<{ id: string; keep_until: Date }>(
          "SELECT id, keep_until FROM public.bundles WHERE tenant_id = $1 AND cause = 'schedule' ORDER BY created_at",
          [school.id],
        );
      expect(await care.care(unwatched, new Date('2026-11-24T02:15:00Z'))).toMatchObject({ started: 0 });
      const first = await care.care(unwatched, new Date('2026-11-24T02:30:00Z'));
      expect(first.started).toBeGreaterThan(0);
      expect(await care.care(unwatched, new Date('2026-11-24T02:45:00Z'))).toMatchObject({ started: 0 });
      const [made] = await scheduled();
      expect(made?.keep_until.toISOString()).toBe('2026-12-01T02:30:00.000Z');
      await expect
        .poll(() => t.sql("SELECT FROM public.bundles WHERE cause = 'schedule' AND status = 'running'"), {
          timeout: 30_000,
        })
        .toEqual([]);
      const dropped = await care.care(unwatched, new Date('2026-12-01T02:29:00Z'));
      expect(dropped.dropped).toBe(0);
      await t.sql('UPDATE public.bundles SET keep_until = $2 WHERE id = $1', [made?.id, dated(-1)]);
      expect(await care.care(unwatched)).toMatchObject({ dropped: 1 });
      expect(await scheduled()).toEqual([]);
    },
  );
});
