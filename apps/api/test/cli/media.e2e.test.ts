import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSchool } from '../support/builders.ts';
import { teacher } from '../support/clients.ts';
import { type Command, preauOn } from '../support/command.ts';
import { createTestApp, type TestApp } from '../support/harness.ts';
import { uploadFile } from '../support/upload.ts';

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

it('preau media proves that files, store and ledger agree, and ends with 1 when they do not', async () => {
  const [school, other] = [await createSchool(t), await createSchool(t)];
  const { id } = (await uploadFile(await teacher(t, school), 'a.txt', 'une note')).body.results[0];
  const run = (...args: string[]) =>
    preau.process(['media', ...args], { PREAU_STORAGE_URL: pathToFileURL(t.dataDir).href });

  const whole = await run('verify', '--json');
  expect(whole.code, whole.err).toBe(0);
  const reports = whole.lines().filter(({ tenant_id: tenant }) => [school.id, other.id].includes(tenant));
  expect(reports).toMatchObject(
    [
      { subdomain: school.subdomain, files: 1, row_bytes: 8, stored_bytes: 8, ledger_bytes: 8, findings: [] },
      { subdomain: other.subdomain, files: 0, row_bytes: 0, stored_bytes: 0, ledger_bytes: 0, findings: [] },
    ].toSorted((a, b) => (a.subdomain < b.subdomain ? -1 : 1)),
  );

  rmSync(join(t.dataDir, `mediafiles/tenant_${school.id}/documents/${id}.txt`));
  const broken = await run('verify', school.subdomain, '--json');
  expect(broken.code).toBe(1);
  expect(broken.lines()[0].findings).toMatchObject([{ kind: 'missing', expected: 8, found: 0 }]);
  expect(broken.err).toContain('1 findings');
  expect((await run('verify', 'nowhere')).code).toBe(3);

  const swept = await run('sweep', '--json');
  expect([swept.code, swept.lines()]).toEqual([0, [{ released: 0, removed: 0, unfinished: 0 }]]);
}, 120_000);
