import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withClient } from '@preau/postgres-launcher';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool } from '../support/builders.ts';
import { type Command, preauOn } from '../support/command.ts';
import { createTestApp, type TestApp } from '../support/harness.ts';

let t: TestApp;
let preau: Command;
let folder: string;
beforeAll(async () => {
  t = await createTestApp();
  preau = preauOn(t.fresh.url);
  folder = mkdtempSync(join(tmpdir(), 'preau-test-heads-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await preau.close();
  await t.close();
});

describe('preau audit', () => {
  it('lists with filters, and refuses what it does not understand', async () => {
    const school = await createSchool(t);
    const rows = (await preau('audit', 'list', '--tenant', school.subdomain, '--action', 'tenant')).lines();
    expect(rows.map(({ action }) => action)).toEqual(['tenant.provision', 'tenant.create']);
    expect((await preau('audit', 'list', '--limit', '1')).lines()).toHaveLength(1);
    expect((await preau('audit', 'list', '--since', 'yesterday')).code).toBe(2);
    expect((await preau('audit', 'list', '--limit', 'x')).code).toBe(2);
    expect((await preau('audit', 'list', '--tenant', 'nowhere')).code).toBe(3);
  });

  it('exports as CSV, and says in the trail that it did', async () => {
    const school = await createSchool(t);
    const { code, out } = await preau('audit', 'export', '--tenant', school.subdomain);
    expect(code).toBe(0);
    expect(out).toContain('tenant.provision');
    const [last] = (await preau('audit', 'list', '--tenant', school.subdomain, '--limit', '1')).lines();
    expect(last).toMatchObject({ action: 'audit.export', actor_type: 'operator' });
  });

  it('verifies: exits with 0 when all is as it was written, with 1 and the row when not', async () => {
    const school = await createSchool(t);
    const heads = await preau('audit', 'heads', '--json');
    const file = join(folder, 'heads.jsonl');
    writeFileSync(file, heads.out);
    const good = await preau('audit', 'verify', '--heads', file, '--json');
    expect(good.code).toBe(0);
    expect(JSON.parse(good.out)).toMatchObject({ holds: true, problems: [] });

    const [row] = await t.sql<{ seq: string }>(
      `UPDATE audit.log SET actor_label = 'x' WHERE tenant_id = $1 AND action = 'tenant.create' RETURNING seq`,
      [school.id],
    );
    const bad = await preau('audit', 'verify', '--json');
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.out)).toMatchObject({
      holds: false,
      problems: [{ tenant_id: school.id, kind: 'changed', seq: Number(row?.seq), action: 'tenant.create' }],
    });
    expect((await preau('audit', 'verify', '--tenant', school.subdomain)).code).toBe(1);
    expect((await preau('audit', 'verify', '--tenant', 'platform')).code).toBe(0);
    writeFileSync(file, '{"chain":1}\n');
    expect((await preau('audit', 'verify', '--heads', file)).code).toBe(2);
  });

  it('prints what takes the trail out of the hands of the application', async () => {
    const { out } = await preau('audit', 'owner');
    await withClient(t.fresh.adminUrl, async (client) => {
      await client.query('ALTER SCHEMA audit OWNER TO preau; ALTER TABLE audit.log OWNER TO preau');
      await client.query(out);
    });
    const owners = await t.sql(
      `SELECT DISTINCT pg_get_userbyid(relowner) AS owner FROM pg_class WHERE relnamespace = 'audit'::regnamespace`,
    );
    expect(owners).toEqual([{ owner: 'preau_audit' }]);
    await createSchool(t);
  });
});
