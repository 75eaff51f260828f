import { atMost, exactly, figure, within, type Result } from '../report.ts';
import type { ServerProcess } from '../processes.ts';
import { median, percentile } from '../statistics.ts';
import { fanOut, type Delays, type FanOut } from './fan-out.ts';

const GOAL_MS = 100;
/** Processor of a delivered message against bare socket.io. */
const GOAL_COST = 1.5;
const AT_ONCE = 8;
const WARM_UP = 20;
const HANDFUL = 10;

const add = (to: Delays, more: Delays): void => {
  to.each.push(...more.each);
  to.last.push(...more.last);
};

/** One message after another by each way in turn, and how long it takes until everybody has it. The last way is the peer. */
export async function measureDelay(
  ways: Readonly<Record<string, FanOut>>,
  peer: FanOut,
  messages: number,
): Promise<Result[]> {
  const named = Object.entries(ways).map(([name, way]) => ({ name, way, delays: { each: [], last: [] } }));
  const bare: Delays = { each: [], last: [] };
  for (const { way } of [...named, { way: peer }]) await fanOut(way, Math.min(WARM_UP, messages), 1);
  // In handfuls, so that what else the machine does meets all of them.
  for (let sent = 0; sent < messages; sent += HANDFUL) {
    for (const { way, delays } of named) add(delays, await fanOut(way, HANDFUL, 1));
    add(bare, await fanOut(peer, HANDFUL, 1));
  }
  const worst = percentile(bare.last, 0.99);
  return [
    ...named.flatMap(({ name, delays: { each, last } }) => [
      figure(`${name}: to each, median`, median(each), 'ms'),
      figure(`${name}: to each, 99th percentile`, percentile(each, 0.99), 'ms'),
      figure(`${name}: to the last of them, median`, median(last), 'ms'),
      within(`${name}: to the last of them, 99th percentile`, percentile(last, 0.99), GOAL_MS),
      figure(`${name}: the same against bare`, percentile(last, 0.99) / worst, 'ratio'),
    ]),
    figure('bare socket.io: to each, median', median(bare.each), 'ms'),
    figure('bare socket.io: to the last of them, median', median(bare.last), 'ms'),
    figure('bare socket.io: to the last of them, 99th percentile', worst, 'ms'),
  ];
}

export interface Side {
  way: FanOut;
  server: ServerProcess;
}

/** Many messages at once, both sides in turn: what a delivered message costs the server's processor. */
export async function measureCost(
  { product, bare }: { product: Side; bare: Side },
  { messages, rounds }: { messages: number; rounds: number },
): Promise<Result[]> {
  const cost = async ({ way, server }: Side): Promise<number> => {
    const before = server.cpuSeconds();
    await fanOut(way, messages, AT_ONCE);
    return ((server.cpuSeconds() - before) * 1e6) / (messages * way.members);
  };
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await cost(product));
    theirs.push(await cost(bare));
  }
  return [
    figure('processor of a delivered message', median(ours), 'µs'),
    figure('the same of bare socket.io', median(theirs), 'µs'),
    atMost('processor of a delivered message, against bare', median(ours) / median(theirs), GOAL_COST),
  ];
}

/** What no machine is too slow for: nothing went astray. */
export async function measureAstray({ sockets }: FanOut): Promise<Result[]> {
  const { astray } = await sockets.counts();
  return [exactly('messages heard at another school', astray, 0, 'messages')];
}
