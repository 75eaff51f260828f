import type { AccessLog } from './access-log.ts';
import { ask } from './ask.ts';
import type { LoadGenerator } from './load.ts';
import type { ServerProcess } from './processes.ts';
import { atLeast, figure, type Result } from './report.ts';
import { median } from './statistics.ts';

export interface Effort {
  rounds: number;
  seconds: number;
  warmUpSeconds: number;
}

export interface Comparison {
  name: string;
  path: string;
  headers: Record<string, string>;
  connections: number;
  product: ServerProcess;
  peer: ServerProcess;
  /** Least share of the peer's rate. */
  goal: number;
}

export interface PeerOptions {
  /** Options of Node for the peer's process. */
  nodeOptions?: readonly string[];
}

interface Round {
  perSecond: number;
  /** Microseconds of the server's processor an answer. */
  cost: number;
}

/** Both answer the same before anything is timed: a peer that sends less is no peer. */
async function assertSameBody({ name, path, headers, product, peer }: Comparison): Promise<void> {
  const [ours, theirs] = await Promise.all([product, peer].map(({ url }) => ask(url + path, { headers })));
  if (ours?.status !== 200 || theirs?.status !== 200)
    throw new Error(`${name}: answers ${ours?.status} and ${theirs?.status}, not 200`);
  if (ours.body !== theirs.body)
    throw new Error(
      `${name}: the two bodies differ:\n${ours.body.slice(0, 400)}\n${theirs.body.slice(0, 400)}`,
    );
}

/**
 * Requests per second of the product beside its peer, in turns: what else the machine does falls on both alike. The ratio
 * is the median of the rounds' ratios.
 */
export async function compareRates(
  comparison: Comparison,
  effort: Effort,
  load: LoadGenerator,
  accessLog: AccessLog,
): Promise<Result[]> {
  const { name, path, headers, connections, product, peer, goal } = comparison;
  await assertSameBody(comparison);

  async function fire(server: ServerProcess, seconds: number): Promise<Round & { requests: number }> {
    const before = server.cpuSeconds();
    const { requests, perSecond, bad } = await load.fire({
      url: server.url + path,
      headers,
      connections,
      seconds,
    });
    if (bad > 0) throw new Error(`${name}: ${bad} of ${requests} requests failed`);
    return { requests, perSecond, cost: ((server.cpuSeconds() - before) * 1e6) / requests };
  }

  for (const server of [product, peer]) await fire(server, effort.warmUpSeconds);
  accessLog.drain();
  const rounds: { ours: Round; theirs: Round }[] = [];
  let asked = 0;
  let logged = 0;
  for (let round = 0; round < effort.rounds; round += 1) {
    const ours = await fire(product, effort.seconds);
    const theirs = await fire(peer, effort.seconds);
    rounds.push({ ours, theirs });
    const { lines, others } = accessLog.drain();
    if (others > 0) throw new Error(`${name}: the access log has ${others} answers that are not 200`);
    asked += ours.requests;
    logged += lines;
  }
  // The last lines may still be in the logger's buffer.
  if (logged < asked * 0.99)
    throw new Error(`${name}: ${asked} requests but only ${logged} lines in the access log`);
  await assertSameBody(comparison);

  const middle = (pick: (round: { ours: Round; theirs: Round }) => number): number =>
    median(rounds.map(pick));
  const costs = [
    figure(
      `${name} Préau processor`,
      middle(({ ours }) => ours.cost),
      'µs/request',
    ),
    figure(
      `${name} bare processor`,
      middle(({ theirs }) => theirs.cost),
      'µs/request',
    ),
    // The ratio if only the server's processor set the pace: steadier where other work takes turns with ours.
    figure(
      `${name} processor ratio`,
      middle(({ ours, theirs }) => theirs.cost / ours.cost),
      'ratio',
    ),
  ];
  return [
    figure(
      `${name} Préau`,
      middle(({ ours }) => ours.perSecond),
      'requests/s',
    ),
    figure(
      `${name} bare`,
      middle(({ theirs }) => theirs.perSecond),
      'requests/s',
    ),
    ...costs.filter(({ value }) => Number.isFinite(value)),
    atLeast(
      `${name} ratio`,
      middle(({ ours, theirs }) => ours.perSecond / theirs.perSecond),
      goal,
    ),
  ];
}
