import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ask } from '../ask.ts';
import type { Effort } from '../compare.ts';
import type { Installation } from '../installation.ts';
import type { LoadGenerator } from '../load.ts';
import { startServer } from '../processes.ts';
import { atLeast, exactly, figure, type Result } from '../report.ts';
import type { School } from '../school.ts';
import { median } from '../statistics.ts';
import { countingLine } from './counting-line.ts';

/** Share of the rate of the same request from nobody. */
const GOAL = 0.8;
const OPEN = '/api/v1/bench/open/';
const OWN = '/api/v1/bench/own/';
const COUNTED = 500;

interface Round {
  rate: number;
  /** Microseconds of the server's processor an answer. */
  cost: number;
}

/** A request by somebody who is logged in, against the same one by anybody: rates in turns, and what each asks of the database. */
export async function measureSession(
  { postgres, folder, accessLog, endings }: Installation,
  school: School,
  { rounds, seconds, warmUpSeconds }: Effort,
  load: LoadGenerator,
): Promise<Result[]> {
  const line = await countingLine(postgres.url);
  endings.add(() => line.close());
  const server = await startServer({
    script: fileURLToPath(new URL('./two-routes.ts', import.meta.url)),
    readyPath: '/readyz',
    environment: { DATABASE_URL: line.url, PREAU_DATA_DIR: path.join(folder, 'data'), PREAU_DEMO: 'off' },
    stdout: accessLog.fd,
    endings,
  });
  const headers = { Host: school.host, Cookie: school.cookie };
  const request = async (url: string): Promise<void> => {
    const { status, body } = await ask(server.url + url, { headers });
    if (status !== 200) throw new Error(`session: ${status} ${body}`);
  };
  const statementsOf = async (work: () => Promise<void>): Promise<number> => {
    const before = line.statements();
    await work();
    return line.statements() - before;
  };
  const many = (url: string) => async () => {
    for (let count = 0; count < COUNTED; count += 1) await request(url);
  };
  await many(OPEN)();
  // With what follows right after: a read answers before its COMMIT is sent.
  const first = await statementsOf(async () => {
    await request(OWN);
    await many(OPEN)();
  });
  if (first === 0) throw new Error('session: the line counts nothing');
  // Thrice: the server's own work of the background may fall into one.
  const differences: number[] = [];
  for (let time = 0; time < 3; time += 1)
    differences.push((await statementsOf(many(OWN))) - (await statementsOf(many(OPEN))));
  const added = median(differences);

  const fire = async (url: string, duration: number): Promise<Round> => {
    const before = server.cpuSeconds();
    const result = await load.fire({ url: server.url + url, headers, connections: 16, seconds: duration });
    if (result.bad > 0) throw new Error(`session: ${result.bad} of ${result.requests} requests failed`);
    return { rate: result.perSecond, cost: ((server.cpuSeconds() - before) * 1e6) / result.requests };
  };
  for (const url of [OPEN, OWN]) await fire(url, warmUpSeconds);
  const measured: { own: Round; open: Round }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    measured.push({ own: await fire(OWN, seconds), open: await fire(OPEN, seconds) });
    accessLog.drain();
  }
  const middle = (pick: (round: (typeof measured)[number]) => number): number => median(measured.map(pick));
  return [
    figure('first request of a session', first, 'statements'),
    exactly(`${COUNTED} requests of a session in memory add`, added, 0, 'statements'),
    figure(
      'session request',
      middle(({ own }) => own.rate),
      'requests/s',
    ),
    figure(
      'open request',
      middle(({ open }) => open.rate),
      'requests/s',
    ),
    figure(
      'session processor ratio',
      middle(({ own, open }) => open.cost / own.cost),
      'ratio',
    ),
    atLeast(
      'session ratio',
      middle(({ own, open }) => own.rate / open.rate),
      GOAL,
    ),
  ];
}
