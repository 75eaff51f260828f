import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { bareEnvironment } from '@preau/testkit/bare-environment';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../bench/report.ts';
import { createSchool } from '../test/support/builders.ts';
import { createTestApp, type TestApp } from '../test/support/harness.ts';
import { prove } from './provisioning/proof.ts';

describe('chaos provisioning --short', () => {
  it('kills at every step, loses nothing and leaves nothing behind', { timeout: 240_000 }, async () => {
    // A temporary folder of its own shows what was left.
    const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'preau-chaos-test-'));
    fs.chmodSync(folder, 0o711);
    try {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [path.join(import.meta.dirname, 'run.ts'), 'provisioning', '--short', '--strict', '--json'],
        { env: bareEnvironment({ TMPDIR: folder }) },
      );
      const { command, results } = JSON.parse(stdout) as Report;
      expect(command).toBe('chaos');
      const goals = results.filter(({ goal }) => goal);
      expect(goals).toHaveLength(14);
      expect(goals.filter(({ holds }) => !holds)).toEqual([]);
      expect(fs.readdirSync(folder)).toEqual([]);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('the proof', () => {
  let t: TestApp;
  let admin: pg.Pool;
  beforeAll(async () => {
    t = await createTestApp();
    admin = new pg.Pool({ connectionString: t.fresh.adminUrl, max: 1 });
  });
  afterAll(async () => {
    await admin.end();
    await t.close();
  });
  /** Roles are the server's: databases of other tests, dropped by now, have left theirs. */
  const look = async () => {
    const start = () => Promise.reject(new Error('not here'));
    const found = await prove({ ...t, adminUrl: t.fresh.adminUrl, admin, key: '', start });
    return { ...found, orphans: found.orphans.filter((orphan) => !orphan.startsWith('role')) };
  };

  it('finds nothing wrong with schools that are whole, and with those not yet provisioned', async () => {
    await createSchool(t);
    await createSchool(t, { provisioned: false });
    expect(await look()).toMatchObject({ schools: 2, provisioned: 1, retryable: 1, orphans: [], wrongs: [] });
  });

  it('finds what belongs to nobody', async () => {
    const name = 't_00000000000000aa';
    await t.sql(`CREATE SCHEMA ${name}`);
    await t.sql(
      `INSERT INTO public.schema_versions (schema_name, ladder) VALUES ('t_00000000000000bb', 'tenant')`,
    );
    await t.services.storage.prepare(['mediafiles/tenant_00000000-0000-7000-8000-000000000000/avatars/']);
    expect((await look()).orphans).toEqual([
      `schema ${name}`,
      'version t_00000000000000bb',
      'folder tenant_00000000-0000-7000-8000-000000000000',
    ]);
    await t.sql(`DROP SCHEMA ${name}`);
    await t.sql(`DELETE FROM public.schema_versions WHERE schema_name = 't_00000000000000bb'`);
    await t.services.storage.removeAll('mediafiles/tenant_00000000-0000-7000-8000-000000000000/');
  });

  it.each([
    [
      'a school without one of its folders',
      (id: string) => t.services.storage.removeAll(`mediafiles/tenant_${id}/avatars/`),
    ],
    [
      'a job that says it failed',
      (id: string) => t.sql(`UPDATE public.jobs SET status = 'failed' WHERE tenant_id = $1`, [id]),
    ],
    [
      'a school that is not marked open',
      (id: string) => t.sql(`UPDATE public.tenants SET status = 'failed' WHERE id = $1`, [id]),
    ],
    [
      'a school without its administrator',
      (id: string) => t.sql('DELETE FROM public.invitations WHERE tenant_id = $1', [id]),
    ],
    [
      'a school provisioned that is marked as before',
      (id: string) =>
        t.sql(`UPDATE public.tenants SET status = 'pending', provisioned_at = NULL WHERE id = $1`, [id]),
    ],
  ])('finds %s', async (_, spoil) => {
    const { id } = await createSchool(t);
    expect((await look()).wrongs.filter((line) => line.startsWith(id))).toEqual([]);
    await spoil(id);
    expect((await look()).wrongs.filter((line) => line.startsWith(id))).toHaveLength(1);
  });
});
