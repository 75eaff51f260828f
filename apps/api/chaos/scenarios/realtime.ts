import { setTimeout as delay } from 'node:timers/promises';
import { startRedis } from '@preau/testkit/redis';
import { createEndings } from '../../bench/endings.ts';
import { openFullSchools } from '../../bench/realtime/people.ts';
import { schoolOfMark } from '../../bench/realtime/mark.ts';
import { exactly, figure, type Result } from '../../bench/report.ts';
import type { Scenario, ScenarioContext } from '../../bench/scenario.ts';
import { createSeeded } from '../../fuzz/seeded.ts';
import { install } from '../installation.ts';
import { createMember } from '../realtime/member.ts';
import { startTraffic } from '../realtime/traffic.ts';
import type { Victim } from '../victim.ts';

const SCHOOLS = 2;
const MEMBERS = 6;
const LATE = 20_000;
const SCRIPT = 'chaos/realtime/server-with-say.ts';

async function until(condition: () => boolean): Promise<void> {
  for (const late = Date.now() + LATE; !condition() && Date.now() < late;) await delay(20);
}

async function killUnderTraffic(
  { seed, progress, endings: all }: ScenarioContext,
  { kills, withRedis }: { kills: number; withRedis: boolean },
): Promise<Result[]> {
  const how = withRedis ? 'with Redis' : 'without Redis';
  const endings = createEndings();
  all.add(() => endings.run());
  const seeded = createSeeded(seed);
  try {
    const environment: Record<string, string> = { PREAU_JOBS: '0', PREAU_POOL_SIZE: '0' };
    if (withRedis) {
      const redis = await startRedis();
      endings.add(() => redis.stop());
      environment['REDIS_URL'] = redis.url;
    }
    const installation = await install(endings, environment);
    const { services, adminUrl } = installation;
    const [schools, ...started] = await Promise.all([
      openFullSchools(services, adminUrl, { count: SCHOOLS, members: MEMBERS }),
      installation.start(SCRIPT),
      installation.start(SCRIPT),
    ]);
    const servers: [Victim, Victim] = [started[0], started[1]];

    const members = schools.flatMap(({ id, host, people }, school) =>
      people.map(({ cookies: [cookie] }, number) => {
        let attempts = 0;
        return createMember({
          school,
          organisation: id,
          headers: { host, cookie },
          // Home first, then as a balancer would have it.
          url: () => (attempts++ === 0 ? servers[number % 2 ? 1 : 0] : seeded.pick(servers)).url,
          pause: () => 20 + seeded.whole(200),
        });
      }),
    );
    endings.add(() => members.forEach((member) => member.leave()));
    const allReady = () => until(() => members.every(({ ready }) => ready));
    await allReady();

    const refs = schools.map(({ id, schemaName }) => ({ id, schemaName }));
    const traffic = startTraffic(
      members,
      SCHOOLS,
      async (school, id) => {
        const ref = refs[school] ?? { id: '', schemaName: '' };
        await services.tenancy.write(ref, ({ trx }) =>
          services.realtime.tell(trx, { to: 'organisation' }, 'events.changed', { id }),
        );
      },
      seeded,
    );
    for (let kill = 1; kill <= kills; kill += 1) {
      await delay(300 + seeded.whole(1_000));
      const at = seeded.whole(2) as 0 | 1;
      progress(`${how}: kill ${kill} of ${kills}`);
      await servers[at].kill();
      await delay(seeded.whole(500));
      servers[at] = await installation.start(SCRIPT);
      // Whoever fled comes back to both.
      for (const member of members) if (seeded.whole(2) === 0) member.move();
    }
    await delay(300);
    await traffic.stop();
    await allReady();
    const missing = () =>
      members.flatMap(({ school, heard }) =>
        [...traffic.acknowledged].filter((mark) => schoolOfMark(mark) === school && !heard.has(mark)),
      );
    await until(() => missing().length === 0);

    const sum = (of: 'opened' | 'replayed' | 'again' | 'gaps' | 'astray') =>
      members.reduce((total, { counts }) => total + counts[of], 0);
    const twice = members.flatMap(({ heard }) => [...heard.values()].filter((times) => times > 1)).length;
    const refusals = members.flatMap((member) => member.refusals);
    for (const line of [...missing(), ...refusals].slice(0, 10)) progress(line);
    return [
      figure(`${how}: kills`, kills, 'times'),
      figure(`${how}: acknowledged`, traffic.acknowledged.size, 'messages'),
      figure(`${how}: cut before their acknowledgement`, traffic.unknown.size, 'messages'),
      figure(`${how}: sockets opened`, sum('opened'), 'sockets'),
      figure(`${how}: heard only after coming back`, sum('replayed'), 'messages'),
      figure(`${how}: came again, and were known by their id`, sum('again'), 'messages'),
      exactly(`${how}: acknowledged, and not heard by a member`, missing().length, 0, 'messages'),
      exactly(`${how}: heard at another school`, sum('astray'), 0, 'messages'),
      exactly(`${how}: heard twice`, twice, 0, 'messages'),
      exactly(`${how}: told of a gap`, sum('gaps'), 0, 'times'),
      exactly(`${how}: refused, or shown out`, refusals.length, 0, 'times'),
    ];
  } finally {
    await endings.run();
  }
}

/** Servers killed while members talk on their sockets: whoever comes back hears all that was acknowledged, once. */
export const realtime: Scenario = async (context) => {
  const { short, seed, progress } = context;
  progress(`seed ${seed}`);
  const results: Result[] = [];
  // What another process says travels by PostgreSQL in either case.
  for (const withRedis of short ? [true] : [false, true])
    results.push(...(await killUnderTraffic(context, { kills: short ? 1 : 10, withRedis })));
  return { versions: {}, results };
};
