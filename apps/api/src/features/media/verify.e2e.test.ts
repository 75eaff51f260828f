import { mkdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSchool, type School } from '../../../test/support/builders.ts';
import { teacher, type Client } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { uploadFile } from '../../../test/support/upload.ts';
import { OPERATOR } from '../audit/index.ts';

let t: TestApp;
let school: School;
let prof: Client;
let kept: { id: string; bytes: number }[];
beforeAll(async () => {
  t = await createTestApp();
  school = await createSchool(t);
  prof = await teacher(t, school);
  kept = [];
  for (const name of ['a.txt', 'b.txt', 'c.txt'])
    kept.push((await uploadFile(prof, name, name.repeat(9))).body.results[0]);
});
afterAll(() => t.close());

const place = (name: string) => join(t.dataDir, `mediafiles/tenant_${school.id}/documents/${name}`);
const verify = async (repair = false) => {
  for await (const report of t.services.mediaCare.verify(OPERATOR, { id: school.id, repair })) return report;
  throw new Error('No school was verified');
};
const ledger = async () =>
  (
    await t.sql(
      'SELECT storage_bytes::int AS used, storage_reserved::int AS reserved FROM public.tenant_usage WHERE tenant_id = $1',
      [school.id],
    )
  )[0];

it('finds what is missing, cut short, nobody’s, and wrong in the ledger; and mends only what can be', async () => {
  const sum = kept.reduce((total, { bytes }) => total + bytes, 0);
  expect(await verify()).toMatchObject({
    files: 3,
    row_bytes: sum,
    stored_bytes: sum,
    ledger_bytes: sum,
    reserved_bytes: 0,
    findings: [],
  });
  rmSync(place(`${kept[0]?.id}.txt`));
  truncateSync(place(`${kept[1]?.id}.txt`), 3);
  mkdirSync(place('deeper'), { recursive: true });
  for (const orphan of ['deeper/old.txt', 'young.txt']) writeFileSync(place(orphan), 'orphan');
  const hour = new Date(Date.now() - 3_600_000);
  utimesSync(place('deeper/old.txt'), hour, hour);
  await t.sql('UPDATE public.tenant_usage SET storage_bytes = 7, storage_reserved = 5 WHERE tenant_id = $1', [
    school.id,
  ]);
  const wrong = (await verify()).findings.map(({ kind, found }) => `${kind} ${found}`).toSorted();
  // An upload that has just ended may have put the young one there.
  expect(wrong).toEqual(['ledger 7', 'missing 0', 'orphan 6', 'reserved 5', 'size 3']);
  expect(await ledger()).toEqual({ used: 7, reserved: 5 });

  const repaired = (await verify(true)).findings.filter((one) => one.repaired).map(({ kind }) => kind);
  expect(repaired.toSorted()).toEqual(['ledger', 'orphan', 'reserved']);
  expect(await ledger()).toEqual({ used: sum, reserved: 0 });
  const left = (await verify()).findings.map(({ kind }) => kind).toSorted();
  expect(left).toEqual(['missing', 'size']);
  const [row] = await t.sql(
    `SELECT after FROM audit.log WHERE action = 'storage.repair' AND tenant_id = $1`,
    [school.id],
  );
  expect((row as { after: { findings: unknown[] } }).after.findings).toHaveLength(5);
});

it('sweeps a reservation that nobody renews, its file and its room; not one that is alive', async () => {
  const before = await ledger();
  const [dead, alive] = [
    await t.services.storageLedger.reserve(school.id, 1_000),
    await t.services.storageLedger.reserve(school.id, 500),
  ];
  await dead.storesAt(`mediafiles/tenant_${school.id}/documents/half.bin`);
  writeFileSync(place('half.bin'), 'half');
  await t.sql(
    `UPDATE public.storage_reservations SET expires_at = now() - interval '1 second' WHERE id = $1`,
    [dead.id],
  );
  expect(await t.services.mediaCare.sweep()).toMatchObject({ released: 1, removed: 1 });
  expect(await t.services.storage.stat(`mediafiles/tenant_${school.id}/documents/half.bin`)).toBeUndefined();
  expect(await ledger()).toEqual({ used: before?.['used'], reserved: 500 });
  await alive.undo();
  expect(await ledger()).toEqual(before);
  dead.end();
});

it('lets nobody confirm what was swept, nor more than was held, nor for another school', async () => {
  const other = await createSchool(t);
  const swept = await t.services.storageLedger.reserve(school.id, 10);
  const confirm = (ref: School['ref'], id: string, bytes: number) =>
    t.services.tenancy.write(
      ref,
      ({ trx }) => trx.raw('SELECT tenant_api.confirm_storage(?, ?)', [id, bytes]) as never,
    );
  await expect(confirm(other.ref, swept.id, 10)).rejects.toThrow(/does not hold/);
  await expect(confirm(school.ref, swept.id, 11)).rejects.toThrow(/does not hold/);
  await swept.undo();
  await expect(confirm(school.ref, swept.id, 10)).rejects.toThrow(/does not hold/);
  const discard = t.services.tenancy.write(
    other.ref,
    ({ trx }) =>
      trx.raw('SELECT tenant_api.discard_storage(?, 0, ?::text[])', [
        swept.id,
        [`mediafiles/tenant_${school.id}/documents/x.txt`],
      ] as never) as never,
  );
  await expect(discard).rejects.toThrow(/another school/);
  await expect(
    t.services.tenancy.central(
      ({ trx }) => trx.raw('SELECT tenant_api.confirm_storage(?, 0)', [swept.id]) as never,
    ),
  ).rejects.toThrow(/tenant transactions/);
});

it('of fifty uploads at once keeps exactly those that fit', async () => {
  const full = await createSchool(t, { max_storage_gb: 1 });
  const by = await teacher(t, full);
  const content = 'x'.repeat(10_000);
  await t.sql('UPDATE public.tenant_usage SET storage_bytes = $2 WHERE tenant_id = $1', [
    full.id,
    1_000_000_000 - 10 * content.length - 9_999,
  ]);
  const answers = await Promise.all(Array.from({ length: 50 }, () => uploadFile(by, 'a.txt', content)));
  const statuses = Map.groupBy(answers, ({ status, body }) => `${status} ${body.code ?? ''}`);
  expect(Object.fromEntries([...statuses].map(([status, list]) => [status, list.length]))).toEqual({
    '201 ': 10,
    '413 quota_exceeded': 40,
  });
}, 60_000);
