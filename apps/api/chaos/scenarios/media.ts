import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BYTES_PER_GB } from '@preau/contracts/units';
import { exactly, figure } from '../../bench/report.ts';
import type { Scenario } from '../../bench/scenario.ts';
import { OPERATOR } from '../../src/features/audit/index.ts';
import { install, type Installation } from '../installation.ts';
import { sendFile, type Sent } from '../media/sender.ts';

const SIZE = { long: { kills: 12 }, short: { kills: 2 } };
const AT_ONCE = 50;
const FIT = 10;
const BYTES = 4 * 1024 ** 2 + 123;
const LIMIT = BYTES_PER_GB;
/** What the school has already: all but room for ten, and a little that is no use to anybody. */
const FILLER = LIMIT - FIT * BYTES - 4_567;

interface School {
  id: string;
  host: string;
  schemaName: string;
  key: string;
}

async function openSchool({ services }: Installation): Promise<School> {
  const { tenant } = await services.tenants.create(OPERATOR, {
    school_name: 'Lycée Plein',
    school_type: 'lycee',
    subdomain: 'plein',
    email: 'contact@plein.example',
    phone: '0123456789',
    address: '1 rue du Port',
    postal_code: '29200',
    city: 'Brest',
    max_storage_gb: 1,
  });
  await services.provisioning.provision(OPERATOR, tenant.id);
  const { key } = await services.apiKeys.create(OPERATOR, {
    tenantId: tenant.id,
    name: 'chaos',
    scopes: ['media:write', 'media:browse', 'media:read'],
  });
  return { id: tenant.id, host: 'plein.localhost', schemaName: tenant.schema_name, key };
}

/** A file with a hole for content: as large as it says, and nothing on the disk. */
async function fill({ admin, dataDir }: Installation, { id, schemaName }: School): Promise<void> {
  const file = randomUUID();
  const key = `mediafiles/tenant_${id}/documents/${file}.zip`;
  const place = path.join(dataDir, key);
  fs.mkdirSync(path.dirname(place), { recursive: true });
  fs.writeFileSync(place, '');
  fs.truncateSync(place, FILLER);
  await admin.query(
    `INSERT INTO ${schemaName}.media_files (id, folder, name, media_type, bytes, sha256, storage_key, uploader_name)
     VALUES ($1, 'documents', 'plein.zip', 'application/zip', $2, '', $3, 'chaos')`,
    [file, FILLER, key],
  );
  await admin.query('UPDATE public.tenant_usage SET storage_bytes = $2 WHERE tenant_id = $1', [id, FILLER]);
}

/** Bytes of all files there are below a folder, those half written too: by no code of the product. */
function bytesBelow(folder: string): number {
  if (!fs.existsSync(folder)) return 0;
  return fs
    .readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + fs.statSync(path.join(entry.parentPath, entry.name)).size, 0);
}

/** Fifty uploads at once against room for ten; again with the server killed in the middle. What is kept fits, to the byte. */
export const media: Scenario = async ({ short, endings, progress }) => {
  const { kills } = short ? SIZE.short : SIZE.long;
  const installation = await install(endings, { PREAU_JOBS: '0', PREAU_POOL_SIZE: '0' });
  const { admin, services, dataDir } = installation;
  const school = await openSchool(installation);
  await fill(installation, school);
  let victim = await installation.start();

  const ledger = async () => {
    const { rows } = await admin.query(
      'SELECT storage_bytes::float8 AS used, storage_reserved::float8 AS reserved FROM public.tenant_usage WHERE tenant_id = $1',
      [school.id],
    );
    return rows[0] as { used: number; reserved: number };
  };
  const written = async () =>
    (
      await admin.query(`SELECT id FROM ${school.schemaName}.media_files WHERE bytes <> $1`, [FILLER])
    ).rows.map(({ id }: { id: string }) => id);
  const onDisk = () =>
    bytesBelow(path.join(dataDir, `mediafiles/tenant_${school.id}`)) +
    bytesBelow(path.join(dataDir, '.incoming'));
  const burst = (pause: number): Promise<Sent[]> =>
    Promise.all(
      Array.from({ length: AT_ONCE }, () => sendFile({ url: victim.url, ...school }, BYTES, pause)),
    );
  /** What is abandoned is swept after a minute: that minute is taken away here. */
  const sweep = async () => {
    await admin.query('UPDATE public.storage_reservations SET expires_at = now()');
    await services.mediaCare.sweep();
    await services.storage.removeUnfinished(new Date());
  };

  let unequal = 0;
  let over = 0;
  let spoiled = 0;
  let strange = 0;
  let findings = 0;
  let lost = 0;
  const check = async (sent: readonly Sent[], expected: number) => {
    const rows = await written();
    const { used, reserved } = await ledger();
    if (rows.length !== expected) strange += 1;
    if (used !== FILLER + rows.length * BYTES || reserved !== 0 || used !== onDisk()) unequal += 1;
    if (used > LIMIT) over += 1;
    spoiled += sent.filter(({ intact }) => !intact).length;
    strange += sent.filter(
      ({ status, code }) =>
        status !== null && status !== 201 && !(status === 413 && code === 'quota_exceeded'),
    ).length;
    lost += sent.filter(({ id }) => id !== null && !rows.includes(id)).length;
    for await (const report of services.mediaCare.verify(OPERATOR, { id: school.id }))
      findings += report.findings.length;
  };
  const empty = async () => {
    for (const id of await written())
      await services.media.remove({ id: school.id, schemaName: school.schemaName }, OPERATOR_KEY, id);
  };

  progress(`${AT_ONCE} uploads against room for ${FIT}`);
  const first = await burst(0);
  await check(first, FIT);
  const kept = first.filter(({ status }) => status === 201).length;

  let cut = 0;
  let survived = 0;
  for (let round = 1; round <= kills; round += 1) {
    progress(`killed in the middle, ${round} of ${kills}`);
    await empty();
    const sending = burst(8);
    // At another number of files that are in already each time, and then a little later.
    const enough = (round * 3) % FIT;
    for (const late = Date.now() + 20_000; (await written()).length < enough && Date.now() < late;)
      await delay(10);
    await delay(Math.random() * 300);
    await victim.kill();
    const sent = await sending;
    cut += sent.filter(({ status }) => status === null).length;
    victim = await installation.start();
    await sweep();
    const there = (await written()).length;
    survived += there;
    await check(sent, there);
    // What was abandoned stands in nobody's way: the rest of the room is filled to the last file that fits.
    await check(await burst(0), FIT);
  }
  return {
    versions: {},
    results: [
      exactly(`of ${AT_ONCE} at once, kept`, kept, FIT, 'files'),
      exactly(
        'of them, refused for want of room',
        first.filter(({ status }) => status === 413).length,
        AT_ONCE - FIT,
        'files',
      ),
      figure('kills in the middle', kills, 'times'),
      figure('uploads cut by them', cut, 'uploads'),
      figure('files kept before them', survived, 'files'),
      exactly('ledger, rows and disk not the same', unequal, 0, 'times'),
      exactly('more than the limit', over, 0, 'times'),
      exactly('files that were said to be kept, and were not', lost, 0, 'files'),
      exactly('files that are not what was sent', spoiled, 0, 'files'),
      exactly('answers or numbers that nobody expected', strange, 0, 'times'),
      exactly('findings of media verify', findings, 0, 'findings'),
    ],
  };
};

/** May delete what others have uploaded, as an administrator's key may. */
const OPERATOR_KEY = {
  ...OPERATOR,
  actor: {
    type: 'key',
    id: randomUUID(),
    label: 'chaos',
    scopes: ['media:write'],
    tenantId: null,
    lineage: '',
    host: null,
  },
} as const;
