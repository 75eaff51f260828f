import { freePort } from '@preau/testkit/free-port';
import { startProxy } from '../../drill/deployment/proxy.ts';
import { OPERATOR } from '../../src/features/audit/index.ts';
import { ask } from '../ask.ts';
import { install, type Installation } from '../installation.ts';
import { giveWay } from '../processes.ts';
import { atMost, exactly, figure, type Result } from '../report.ts';
import type { Scenario } from '../scenario.ts';
import { openSchool } from '../school.ts';
import { median } from '../statistics.ts';
import { openBrowser } from '../web/browser.ts';
import { watchFrames } from '../web/first-frame.ts';
import { CATEGORIES, judge, slowdownFor, type Category, type Judged } from '../web/lighthouse.ts';

const COLOURS = { primary_color: '#6A1B9A', secondary_color: '#00695C' };
const LEAST: Record<Category, number> = { performance: 95, accessibility: 100, 'best-practices': 100 };
const ROUNDS = { long: 3, short: 1 };

async function consoleCookie({ server, config, services }: Installation): Promise<string> {
  const answer = await ask(`${server.url}/api/v1/auth/login/`, {
    method: 'POST',
    headers: { host: `console.${services.base.domain}` },
    body: { email: config.admin.email, password: config.admin.password },
  });
  const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0];
  if (!cookie) throw new Error(`The super-admin cannot log in: ${answer.body}`);
  return cookie;
}

function partsOf(cookie: string): { name: string; value: string } {
  const [, name = '', value = ''] = /^([^=]+)=(.*)$/.exec(cookie) ?? [];
  return { name, value };
}

const score = (name: string, value: number, least: number): Result => ({
  name,
  value,
  unit: 'of 100',
  goal: `≥ ${least}`,
  holds: value >= least,
});

/** The middle of several rounds, each figure by itself: one page view on a busy machine says little. */
function middle(name: string, rounds: readonly Judged[]): Result[] {
  const of = (pick: (judged: Judged) => number): number => median(rounds.map(pick));
  return [
    ...CATEGORIES.map((category) =>
      score(
        `${name}: ${category}`,
        of(({ scores }) => scores[category]),
        LEAST[category],
      ),
    ),
    figure(
      `${name}: largest contentful paint`,
      of(({ largest }) => largest),
      'ms',
    ),
  ];
}

/** The first frame of a school over a slow line, and what Lighthouse says of four pages. */
export const web: Scenario = async ({ short, endings, progress }) => {
  // On a telephone there is nobody else: a server or a judge on the browser's processors would be measured with the page.
  const { browser, shared, port: debugging, version } = await openBrowser(endings, await freePort());
  // The short form runs beside other tests, and would be given nothing.
  if (!short) giveWay();
  progress('installation');
  // As it is deployed: browsers come over https, which gives them HTTP/2, through the proxy and its configuration of infra/.
  const port = await freePort();
  const there = await install({
    endings,
    environment: {
      PREAU_PUBLIC_SCHEME: 'https',
      PREAU_PUBLIC_PORT: String(port),
      PREAU_TRUST_PROXY: '127.0.0.1',
    },
  });
  const school = await openSchool(there, 'lycee-hugo');
  await there.services.tenants.update(OPERATOR, school.id, COLOURS);
  const { domain } = there.services.base;
  const nodes = [Number(new URL(there.server.url).port)];
  await startProxy({ base: domain, httpsPort: port, nodes, folder: there.folder, endings });
  const at = (host: string, path: string): string => `https://${host}:${port}${path}`;

  progress('first frame over slow 4G');
  const { light } = (await there.services.directory.byHost(school.host))?.theme.value.palette ?? {};
  const frames = await watchFrames(browser, at(school.host, '/login'), light?.primary ?? '');
  const results: Result[] = [
    exactly('frames in other colours than the school’s', frames.other, 0, 'frames'),
    figure('frames in the school’s colours', frames.own, 'frames'),
    figure('first frame', frames.firstOwn, 'ms'),
    atMost('layout shift', frames.shift, 0.02),
    figure('log-in over slow 4G: largest contentful paint', frames.largest, 'ms'),
  ];

  const PAGES = [
    { name: 'log-in', url: at(school.host, '/login') },
    { name: 'portal home', url: at(school.host, '/'), cookie: school.cookie },
    { name: 'console schools', url: at(`console.${domain}`, '/schools'), cookie: await consoleCookie(there) },
    { name: 'public home', url: at(domain, '/') },
  ];
  for (const { name, url, cookie } of PAGES) {
    await shared.clearCookies();
    // As a browser has it: a header that is added to requests is none to a socket, and its refusal would end the session.
    if (cookie) await shared.addCookies([{ ...partsOf(cookie), url, httpOnly: true, sameSite: 'Lax' }]);
    const rounds: Judged[] = [];
    for (let round = 0; round < ROUNDS[short ? 'short' : 'long']; round += 1) {
      progress(`Lighthouse: ${name}`);
      rounds.push(await judge(debugging, url));
    }
    const lost = [...new Set(rounds.flatMap((judged) => judged.lost))];
    if (lost.length > 0) progress(`${name} lost points by ${lost.join(', ')}`);
    results.push(...middle(name, rounds));
    if (short) continue;
    // Four times as slow, a processor that is not among the fastest desktops' is no phone's any more.
    const power = median(rounds.map((judged) => judged.power));
    const slowdown = slowdownFor(power);
    const phone: number[] = [];
    for (let round = 0; round < ROUNDS.long; round += 1) {
      progress(`Lighthouse: ${name}, slowed down by ${slowdown}`);
      phone.push((await judge(debugging, url, slowdown)).scores.performance);
    }
    results.push(
      score(`${name}: performance, slowed down by ${slowdown}`, median(phone), LEAST.performance),
      figure(`${name}: benchmark index of the processor`, power, 'points'),
    );
  }
  return { versions: { chromium: version }, results };
};
