import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import type { Endings } from '../../bench/endings.ts';
import { enterSchools, nthSubdomain } from '../../bench/many-schools.ts';
import { buildApp } from '../../src/app.ts';
import { openDatabase } from '../../src/database/database.ts';
import { createServices } from '../../src/services.ts';
import { createSeeded } from '../seeded.ts';
import { meant, spell, type Spelled } from './spellings.ts';

export interface HostFuzzOptions {
  /** An empty prepared database, as the application's role and as the superuser. */
  url: string;
  adminUrl: string;
  count: number;
  seed: number;
  /** A defect put in on purpose. */
  mutate?: (app: FastifyInstance) => void;
  progress?: (done: number) => void;
}

export interface HostFuzzResult {
  done: number;
  /** Answered as a school that was not meant. */
  wrong: string[];
  /** A school that was meant was refused, in a spelling that is allowed. */
  refused: string[];
  /** 5xx, or no answer that is HTTP. */
  broken: string[];
  /** Answers by status. */
  statuses: Record<string, number>;
}

const SCHOOLS = 8;
const AT_ONCE = 16;
const PATIENCE = 10_000;

/** One request as bytes on a connection of its own; what came back. */
async function ask(port: number, { lines, requestLine }: Spelled): Promise<string> {
  const socket = net.connect(port, '127.0.0.1');
  socket.setTimeout(PATIENCE, () => socket.destroy(new Error('no answer')));
  await once(socket, 'connect');
  socket.write(Buffer.from([requestLine, ...lines, 'Connection: close', '', ''].join('\r\n'), 'latin1'));
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** The product on a free port, with a few schools. */
async function start(options: HostFuzzOptions, endings: Endings): Promise<number> {
  const database = await openDatabase({ url: options.url });
  endings.add(() => database.close());
  const { error } = await database.migrator.migratePublic();
  if (error) throw new Error(error);
  await enterSchools(options.adminUrl, 'localhost', 0, SCHOOLS);
  const dataDir = mkdtempSync(join(tmpdir(), 'preau-fuzz-files-'));
  endings.add(() => rmSync(dataDir, { recursive: true, force: true }));
  const services = createServices(
    {
      base: { scheme: 'http', domain: 'localhost', port: 3000 },
      dataDir,
      jobs: { concurrency: 0, silentSeconds: 15 },
    },
    database,
    () => {},
  );
  const app = await buildApp({
    services,
    secret: 'fuzz',
    loggers: { logger: pino({ level: 'silent' }), access: null },
  });
  endings.add(async () => {
    await app.close();
    await services.lastAccess.close();
  });
  options.mutate?.(app);
  await app.listen({ port: 0, host: '127.0.0.1' });
  return (app.server.address() as AddressInfo).port;
}

/** Asks for a theme by hostile spellings of hosts. The answer says which school it was taken for. */
export async function fuzzHosts(options: HostFuzzOptions, endings: Endings): Promise<HostFuzzResult> {
  const port = await start(options, endings);
  const hosts = Array.from({ length: SCHOOLS }, (_, n) => `${nthSubdomain(n)}.localhost`);
  const seeded = createSeeded(options.seed);
  const result: HostFuzzResult = { done: 0, wrong: [], refused: [], broken: [], statuses: {} };

  async function askOnce(): Promise<void> {
    const spelled = spell(seeded, hosts);
    const told = JSON.stringify([spelled.requestLine, ...spelled.lines]);
    const answer = await ask(port, spelled).catch((error: unknown) => `failed: ${String(error)}`);
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
    result.statuses[status] = (result.statuses[status] ?? 0) + 1;
    if (!(status < 500)) result.broken.push(`${told}: ${answer.slice(0, 200)}`);
    const school = /"school_name":"École (\d+)"/.exec(answer)?.[1];
    const answered = school === undefined ? null : `${nthSubdomain(Number(school))}.localhost`;
    const expected = meant(spelled, hosts);
    if (answered !== null && answered !== expected) result.wrong.push(`${told}: ${answered}`);
    // A target in absolute form is another way to name a host, which the product does not answer.
    if (answered === null && expected !== null && spelled.requestLine.startsWith('GET /') && status !== 400)
      result.refused.push(`${told}: ${status}`);
    result.done += 1;
    if (result.done % 5_000 === 0) options.progress?.(result.done);
  }
  const caller = async (): Promise<void> => {
    for (let begun = 0; begun < options.count / AT_ONCE; begun += 1) await askOnce();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, caller));
  return result;
}
