import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startS3Server } from '../../test/support/s3-server.ts';
import { OPERATOR } from '../../src/features/audit/index.ts';
import type { Endings } from '../endings.ts';
import { install, type Installation } from '../installation.ts';
import { download, growthDuring, remove, upload } from '../media/transfer.ts';
import { startServer, type ServerProcess } from '../processes.ts';
import { atLeast, figure, type Result } from '../report.ts';
import type { Scenario } from '../scenario.ts';
import { ordinarySchool } from '../school.ts';
import { median } from '../statistics.ts';

const MEGABYTE = 1_000_000;
const SIZE = {
  long: { bytes: 2_000 * MEGABYTE, disk: 3, s3: 1 },
  short: { bytes: 32 * MEGABYTE, disk: 1, s3: 1 },
};
const GROWTH = 64 * 1024 ** 2;
const GOAL = 0.85;

interface Side {
  server: ServerProcess;
  headers: Record<string, string>;
  /** Where files are sent to, and where one is found again. */
  uploads: string;
  downloads(body: any): string;
  removal(body: any): string;
}

/** What one side took for a file there and back. */
interface Round {
  up: number;
  down: number;
  growth: number;
  cpu: number;
}

async function goThere(side: Side, bytes: number): Promise<Round> {
  const { server, headers } = side;
  const cpu = server.cpuSeconds();
  const { value, growth } = await growthDuring(server.pid, async () => {
    const { ms: up, body } = await upload(side.uploads, headers, bytes);
    const down = await download(side.downloads(body), headers, bytes);
    return { up, down, body };
  });
  const spent = server.cpuSeconds() - cpu;
  await remove(side.removal(value.body), headers);
  return { up: value.up, down: value.down, growth, cpu: spent };
}

async function bareSide(endings: Endings, environment: Record<string, string>): Promise<Side> {
  const script = fileURLToPath(new URL('../media/bare-files.ts', import.meta.url));
  const server = await startServer({ script, readyPath: '/ready', environment, endings });
  const files = `${server.url}/files`;
  return { server, headers: {}, uploads: files, downloads: () => files, removal: () => files };
}

async function productSide(
  { services }: Installation,
  server: ServerProcess,
  subdomain: string,
): Promise<Side> {
  const { tenant } = await services.tenants.create(OPERATOR, ordinarySchool(subdomain));
  await services.provisioning.provision(OPERATOR, tenant.id);
  const { key } = await services.apiKeys.create(OPERATOR, {
    tenantId: tenant.id,
    name: 'bench',
    scopes: ['media:read', 'media:write'],
  });
  const media = `${server.url}/api/v1/media/`;
  return {
    server,
    headers: { host: `${subdomain}.${services.base.domain}`, 'api-key': key },
    uploads: media,
    downloads: ({ results }) => `${media}${results[0].id}/content/`,
    removal: ({ results }) => `${media}${results[0].id}/for_good/`,
  };
}

/** Both sides in turn, so that what else the machine does meets both. */
async function compare(
  name: string,
  [product, bare]: [Side, Side],
  { bytes, rounds, progress }: { bytes: number; rounds: number; progress: (step: string) => void },
): Promise<Result[]> {
  const ours: Round[] = [];
  const theirs: Round[] = [];
  for (const side of [product, bare]) await goThere(side, Math.min(bytes, 64 * MEGABYTE));
  for (let round = 1; round <= rounds; round += 1) {
    progress(`${name}: ${bytes / MEGABYTE} MB there and back, ${round} of ${rounds}`);
    const order: [Side, Round[]][] = [
      [product, ours],
      [bare, theirs],
    ];
    for (const [side, list] of round % 2 ? order : order.toReversed()) list.push(await goThere(side, bytes));
  }
  const of = (list: Round[], part: keyof Round) => median(list.map((one) => one[part]));
  const rate = (list: Round[], part: 'up' | 'down') => bytes / MEGABYTE / (of(list, part) / 1_000);
  const ratio = (part: 'up' | 'down' | 'cpu') => of(theirs, part) / of(ours, part);
  const growth = Math.max(...ours.map((one) => one.growth));
  return [
    figure(`${name}: upload`, rate(ours, 'up'), 'MB/s'),
    figure(`${name}: bare upload`, rate(theirs, 'up'), 'MB/s'),
    atLeast(`${name}: upload against bare`, ratio('up'), GOAL),
    figure(`${name}: download`, rate(ours, 'down'), 'MB/s'),
    figure(`${name}: bare download`, rate(theirs, 'down'), 'MB/s'),
    atLeast(`${name}: download against bare`, ratio('down'), GOAL),
    figure(`${name}: processor time against bare`, ratio('cpu'), 'ratio'),
    {
      ...figure(`${name}: memory that grew`, growth / 1024 ** 2, 'MiB'),
      goal: '< 64 MiB',
      holds: growth < GROWTH,
    },
    figure(
      `${name}: memory that grew, bare`,
      Math.max(...theirs.map((one) => one.growth)) / 1024 ** 2,
      'MiB',
    ),
  ];
}

/** A large file there and back, on disk and in a bucket, against the same framework with nothing between. */
export const media: Scenario = async ({ short, endings, progress }) => {
  const { bytes, disk, s3 } = short ? SIZE.short : SIZE.long;
  progress('Starting the product');
  const installation = await install({ endings, environment: { PREAU_JOBS: '0' } });
  const folder = path.join(installation.folder, 'bare');
  fs.mkdirSync(folder);
  const onDisk = await compare(
    'disk',
    [
      await productSide(installation, installation.server, 'disque'),
      await bareSide(endings, { BENCH_FOLDER: folder }),
    ],
    { bytes, rounds: disk, progress },
  );
  const store = await startS3Server(installation.folder);
  endings.add(() => store.close());
  const { bucket, endpoint, region, credentials } = store.place;
  const client = {
    endpoint,
    region,
    credentials,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  };
  const another = await installation.startAnother({ PREAU_STORAGE_URL: store.url });
  const inBucket = await compare(
    'S3',
    [
      await productSide(installation, another, 'seau'),
      await bareSide(endings, { BENCH_S3: JSON.stringify({ bucket, client }) }),
    ],
    { bytes, rounds: s3, progress },
  );
  return { versions: {}, results: [...onDisk, ...inBucket] };
};
