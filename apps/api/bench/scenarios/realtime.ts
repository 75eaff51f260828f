import { fileURLToPath } from 'node:url';
import { startRedis } from '@preau/testkit/redis';
import pg from 'pg';
import { OPERATOR } from '../../src/features/audit/index.ts';
import { createRealtimeHub, type RealtimeHub } from '../../src/features/realtime/index.ts';
import { install } from '../installation.ts';
import { startServer } from '../processes.ts';
import type { FanOut } from '../realtime/fan-out.ts';
import { createMemoryProbe, type Memory } from '../realtime/memory.ts';
import { measureAstray, measureCost, measureDelay } from '../realtime/measure-delivery.ts';
import { measureEnds } from '../realtime/measure-ends.ts';
import { openFullSchools } from '../realtime/people.ts';
import { joinAsServer } from '../realtime/sender.ts';
import type { Opening } from '../realtime/socket-messages.ts';
import { startSockets } from '../realtime/sockets.ts';
import { exactly, figure, type Result } from '../report.ts';
import type { Scenario } from '../scenario.ts';
import { serverVersion } from '../versions.ts';

const LONG = { schools: 50, members: 100, messages: 400, cost: { messages: 300, rounds: 5 }, trials: 20 };
const SHORT = { schools: 3, members: 10, messages: 10, cost: { messages: 20, rounds: 1 }, trials: 2 };
const AT_ONCE = 50;
/** People of each school who have another device at the second server, in each of their sessions. */
const ELSEWHERE = 10;
const KILO = 1_024;

const grown = (name: string, before: Memory, after: Memory, sockets: number): Result[] => [
  figure(`${name}: resident memory of a socket`, (after.rss - before.rss) / sockets / KILO, 'KiB'),
  figure(`${name}: memory in use of a socket`, (after.used - before.used) / sockets / KILO, 'KiB'),
];

/** Thousands of sockets of many schools: what they cost, how soon all of a school hear something, and how soon they close. */
export const realtime: Scenario = async ({ short, endings, progress }) => {
  const { schools: count, members, messages, cost, trials } = short ? SHORT : LONG;
  progress('Starting the product');
  const redis = await startRedis();
  endings.add(() => redis.stop());
  const probe = await createMemoryProbe();
  const installation = await install({
    endings,
    nodeOptions: probe.nodeOptions,
    environment: { ...probe.environment, REDIS_URL: redis.url, PREAU_JOBS: '0', LOG_LEVEL: 'warn' },
  });
  const { server, services, postgres } = installation;
  progress(`${count} schools of ${members} people`);
  const bareProbe = await createMemoryProbe();
  const otherProbe = await createMemoryProbe();
  const [schools, sockets, bareSockets, bareServer, other] = await Promise.all([
    openFullSchools(services, postgres.url, { count, members }),
    startSockets(endings),
    startSockets(endings),
    startServer({
      script: fileURLToPath(new URL('../realtime/bare-sockets.ts', import.meta.url)),
      readyPath: '/',
      environment: { ...bareProbe.environment, DATABASE_URL: postgres.url },
      nodeOptions: bareProbe.nodeOptions,
      endings,
    }),
    // Waits for its turn: the second of the product's two servers.
    installation.startAnother(otherProbe.environment),
  ]);

  const open = new Set<string>();
  const opening = (at: string, url: string, school: number, member: number, session: 0 | 1): Opening => {
    const { host = '', people = [] } = schools[school] ?? {};
    const key = `${at}:${school}:${member}:${session}`;
    open.add(key);
    return { key, url, school, headers: { host, cookie: people[member]?.cookies[session] ?? '' }, auth: {} };
  };
  const numbers = (below: number): number[] => Array.from({ length: below }, (_, number) => number);
  const everybody = numbers(count).flatMap((school) =>
    numbers(members).map((member) => [school, member] as const),
  );

  progress(`${everybody.length} sockets`);
  const before = await probe.read();
  const openedIn = await sockets.open(
    everybody.map(([school, member]) => opening('here', server.url, school, member, 0)),
    AT_ONCE,
  );
  const results: Result[] = [
    figure('sockets', everybody.length, 'sockets'),
    figure('sockets opened', everybody.length / (openedIn / 1_000), 'sockets/s'),
    ...grown('Préau', before, await probe.read(), everybody.length),
  ];

  progress('The same for bare socket.io');
  const bareBefore = await bareProbe.read();
  const bareIn = await bareSockets.open(
    everybody.map(([school, member]) => ({
      key: `${school}:${member}`,
      url: bareServer.url,
      school,
      headers: {},
      auth: { room: String(school) },
    })),
    AT_ONCE,
  );
  results.push(
    figure('bare socket.io: sockets opened', everybody.length / (bareIn / 1_000), 'sockets/s'),
    ...grown('bare socket.io', bareBefore, await bareProbe.read(), everybody.length),
  );

  progress('Messages to everybody of a school');
  const carried = await joinAsServer(installation, redis.url);
  endings.add(() => carried.leave());
  let byRedis = 0;
  const say = (hub: RealtimeHub) => (school: number, mark: string) => {
    if (hub === services.realtime) byRedis += 1;
    return hub.toOrganisation({ tenantId: schools[school]?.id ?? '' }, 'events.changed', { id: mark });
  };
  const byNotice = createRealtimeHub({ tenancy: services.tenancy });
  const product: FanOut = { sockets, send: say(byNotice), schools: count, members };
  const pool = new pg.Pool({ connectionString: postgres.url });
  endings.add(() => pool.end());
  const bare: FanOut = {
    ...product,
    sockets: bareSockets,
    send: (school, id) => {
      const message = {
        id,
        at: new Date().toISOString(),
        op: 'events.changed',
        for_org: schools[school]?.id,
        data: { id },
      };
      return pool.query("SELECT pg_notify('bench_bare', $1)", [
        JSON.stringify({ room: String(school), message }),
      ]);
    },
  };
  const ways = { 'by PostgreSQL': product, 'by Redis': { ...product, send: say(services.realtime) } };
  results.push(
    ...(await measureDelay(ways, bare, messages)),
    exactly('messages that did not go by Redis', byRedis - (await carried.sent()), 0, 'messages'),
  );
  progress('What they cost');
  results.push(
    ...(await measureCost(
      { product: { way: product, server }, bare: { way: bare, server: bareServer } },
      cost,
    )),
  );

  progress('Ends, on two servers');
  const elsewhere = numbers(count).flatMap((school) =>
    numbers(Math.min(ELSEWHERE, members)).flatMap((member) =>
      ([0, 1] as const).map((session) => opening('there', other.url, school, member, session)),
    ),
  );
  await sockets.open(elsewhere, AT_ONCE);
  const { key } = await services.apiKeys.create(OPERATOR, { name: 'bench', scopes: ['tenants:lifecycle'] });
  results.push(
    ...(await measureEnds({
      sockets,
      schools,
      urls: [server.url, other.url],
      open,
      keysOf: (school, member, session) => {
        const part = [school, member, session].filter((one) => one !== undefined).join(':');
        return [...open].filter((name) => `${name.slice(name.indexOf(':') + 1)}:`.startsWith(`${part}:`));
      },
      platformKey: key,
      console: `console.${services.base.domain}`,
      trials,
    })),
    ...(await measureAstray(product)),
  );
  return { versions: { postgresql: await serverVersion(postgres.url) }, results };
};
