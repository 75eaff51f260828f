import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bareEnvironment } from '@preau/testkit/bare-environment';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createSchool } from '../support/builders.ts';
import { type Command, preauOn } from '../support/command.ts';
import { createTestApp, type TestApp } from '../support/harness.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

let t: TestApp;
let preau: Command;
beforeAll(async () => {
  t = await createTestApp();
  preau = preauOn(t.fresh.url);
});
afterAll(async () => {
  await preau.close();
  await t.close();
});

/** A run of provisioning whose process died: what a worker goes on with. */
async function deadRun(schoolId: string): Promise<string> {
  const [row] = await t.sql<{ id: string }>(
    `INSERT INTO public.jobs (id, kind, tenant_id, payload, unique_key, status, owner, heartbeat_at, attempts, max_attempts, actor_type, actor_label)
     VALUES (gen_random_uuid(), 'tenant.provision', $1::uuid, jsonb_build_object('tenant_id', $1::uuid::text), $1::uuid::text, 'running',
       gen_random_uuid(), now() - interval '1 minute', 1, 5, 'operator', 'preau') RETURNING id`,
    [schoolId],
  );
  return row?.id ?? '';
}

describe('preau jobs', () => {
  it('lists, filters and shows', async () => {
    const school = await createSchool(t);
    await createSchool(t);
    const listed = (await preau('jobs', 'list', '--tenant', school.subdomain)).lines();
    expect(listed).toMatchObject([{ kind: 'tenant.provision', status: 'done', tenant: { id: school.id } }]);
    const { code, out } = await preau('jobs', 'show', listed[0].id);
    expect(code).toBe(0);
    expect(JSON.parse(out).steps).toHaveLength(7);
    expect((await preau('jobs', 'list', '--status', 'nothing')).code).toBe(2);
    expect((await preau('jobs', 'show', 'nothing')).code).toBe(3);
    expect((await preau('jobs', 'cancel', listed[0].id)).code).toBe(4);
  });

  it('watches a job to its end while `preau worker` runs it, and the worker ends when it is told to', async () => {
    const school = await createSchool(t, { provisioned: false });
    const id = await deadRun(school.id);
    const watched = preau.process(['jobs', 'watch', id]);
    const dataDir = mkdtempSync(join(tmpdir(), 'preau-test-worker-'));
    const worker = spawn(process.execPath, [CLI, 'worker'], {
      env: bareEnvironment({
        DATABASE_URL: t.fresh.url,
        PREAU_DATA_DIR: dataDir,
        PREAU_JOBS_SILENCE: '1',
      }),
      stdio: 'ignore',
    });
    const { code, lines } = await watched;
    expect(code).toBe(0);
    const told = lines();
    expect(told.at(-1)).toMatchObject({ id, status: 'done', attempts: 2 });
    await vi.waitUntil(async () => (await t.services.tenants.get(school.id)).tenant.status === 'active');
    worker.kill('SIGTERM');
    expect(await once(worker, 'exit')).toEqual([0, null]);
    rmSync(dataDir, { recursive: true, force: true });
  });
});
