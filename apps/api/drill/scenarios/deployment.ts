import { ask } from '../../bench/ask.ts';
import { exactly, figure, within, type Result } from '../../bench/report.ts';
import { ordinarySchool } from '../../bench/school.ts';
import type { Scenario } from '../../bench/scenario.ts';
import { startChain, type Chain } from '../deployment/chain.ts';
import { during } from '../deployment/load.ts';
import type { NameServer } from '../deployment/name-server.ts';
import { createVisitor, type Visitor } from '../deployment/visitor.ts';

const THEME = '/api/v1/current-tenant/theme/';

/** Whether no connection comes about: the proxy has no certificate for it and gets none. */
async function isRefused(visitor: Visitor, domain: string, names: NameServer): Promise<boolean> {
  await names.publish({ domain, texts: {} });
  return visitor.ask(domain, { path: THEME }).then(
    () => false,
    (error: NodeJS.ErrnoException) => /ssl|tls|ECONNRESET|EPROTO/i.test(`${error.code} ${error.message}`),
  );
}

/** Brings a domain of a school's own into being: registered, proven in DNS, verified, opened. */
async function openDomain(
  { base, names }: Chain,
  visitor: Visitor,
  headers: Record<string, string>,
  school: string,
): Promise<{ domain: string; refusedBefore: boolean; issuer: string; name: string }> {
  const domain = 'www.lycee-essai.test';
  const post = async (path: string, body?: object) => {
    const answer = await visitor.ask(`console.${base}`, {
      method: 'POST',
      path: `/api/v1/tenants/${school}/${path}`,
      headers,
      ...(body ? { body } : {}),
    });
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body);
  };
  const { id, challenge } = await post('add_domain/', { domain });
  const refusedBefore = await isRefused(visitor, domain, names);
  await names.publish({ domain, texts: { [challenge.name]: challenge.value } });
  await post(`domains/${id}/verify/`);
  const theme = await visitor.ask(domain, { path: THEME });
  const { report } = await post(`domains/${id}/verify/`);
  return {
    domain,
    refusedBefore,
    issuer: report.certificate?.issuer ?? '',
    name: JSON.parse(theme.body).school_name,
  };
}

/**
 * The chain of infra/ as processes of this machine: names by dnsmasq, TLS by Caddy, two nodes and a worker, PgBouncer, Redis.
 * Somebody far away opens two schools; nodes end and are killed meanwhile.
 */
export const deployment: Scenario = async ({ endings, progress }) => {
  const chain = await startChain(endings, progress);
  const { base, nodes, proxy, preau, names } = chain;
  const visitor = createVisitor(names, proxy, chain.folder);
  const results: Result[] = [];
  const count = (name: string, outcomes: readonly boolean[]): void => {
    results.push(exactly(name, outcomes.filter(Boolean).length, outcomes.length, ''));
  };

  progress('Schools over HTTPS');
  const { key } = JSON.parse(
    await preau(
      'keys',
      'create',
      '--platform',
      '--scope',
      'tenants:create',
      '--scope',
      'tenants:update',
      '--scope',
      'domains:manage',
      '--json',
    ),
  );
  const authorization = { authorization: `Api-Key ${key}` };
  const schools = [];
  for (const name of ['hugo', 'curie']) {
    const body = { ...ordinarySchool(name), school_name: `Lycée ${name}`, provision_now: true };
    const made = await visitor.ask(`console.${base}`, {
      method: 'POST',
      path: '/api/v1/tenants/',
      headers: authorization,
      body,
    });
    if (made.status !== 201) throw new Error(`A school could not be created: ${made.status} ${made.body}`);
    schools.push({ id: JSON.parse(made.body).id as string, host: `${name}.${base}`, name: body.school_name });
  }
  const shown = async (host: string): Promise<string> =>
    JSON.parse((await visitor.ask(host, { path: THEME })).body).school_name;
  count(
    'schools opened over DNS and TLS',
    await Promise.all(schools.map(async ({ host, name }) => (await shown(host)) === name)),
  );
  progress('What must not be');
  const plain = await ask(`http://127.0.0.1:${proxy.httpPort}/`, {
    headers: { host: schools[0]?.host ?? '' },
  });
  const unknown = await visitor.ask(`nobody.${base}`, { path: THEME });
  const inside = await visitor.ask(schools[0]?.host ?? '', { path: '/metrics' });
  const pretended = await visitor.ask(schools[0]?.host ?? '', {
    path: THEME,
    headers: { 'x-forwarded-host': schools[1]?.host ?? '' },
  });
  count('plain HTTP sent to HTTPS', [plain.status === 308]);
  count('unknown school refused', [unknown.status === 404]);
  count('metrics kept inside', [!inside.body.includes('preau_http_request')]);
  count('pretended host not believed', [JSON.parse(pretended.body).school_name === schools[0]?.name]);

  progress('Domains of schools');
  const own = await openDomain(chain, visitor, authorization, schools[0]?.id ?? '');
  count('domain refused before its proof', [own.refusedBefore]);
  count('domain opened after it, with a certificate', [own.name === schools[0]?.name]);
  count('its certificate told to the console', [own.issuer.includes('Caddy')]);
  count('domain that nobody registered refused', [await isRefused(visitor, 'www.inconnu.test', names)]);

  progress('Chromium');
  const seen = [];
  for (const { host, name } of [...schools, { host: own.domain, name: schools[0]?.name ?? '' }]) {
    const page = await visitor.see(host);
    seen.push(new RegExp(`<title>[^<]*${name}</title>`).test(page) && page.includes('<h1'));
  }
  count('schools and domain seen in Chromium', seen);

  progress('A change, on both nodes');
  const [school] = schools;
  const host = school?.host ?? '';
  const colourAt = async (port: number): Promise<string> =>
    JSON.parse((await ask(`http://127.0.0.1:${port}${THEME}`, { headers: { host } })).body).primary_color;
  for (const { port } of nodes) await colourAt(port);
  const changed = await visitor.ask(`console.${base}`, {
    method: 'PATCH',
    path: `/api/v1/tenants/${school?.id}/`,
    headers: authorization,
    body: { primary_color: '#123456' },
  });
  if (changed.status !== 200) throw new Error(`The colour could not be changed: ${changed.body}`);
  const began = performance.now();
  for (const { port } of nodes) while ((await colourAt(port)) !== '#123456');
  results.push(within('change seen on both nodes', performance.now() - began, 1_000));

  const [first, second] = nodes;
  progress('A node ends');
  const ended = await during(visitor, host, THEME, async () => {
    await first.end('SIGTERM');
  });
  results.push(figure('requests while a node ended', ended.sent, ''));
  results.push(exactly('lost of them', ended.lost.length, 0, ''));
  await first.start();

  progress('A node is killed');
  const killed = await during(visitor, host, THEME, async () => {
    await second.end('SIGKILL');
    await second.start();
  });
  results.push(figure('requests while a node was killed', killed.sent, ''));
  results.push(exactly('lost of them, killed', killed.lost.length, 0, ''));
  for (const line of [...ended.lost, ...killed.lost].slice(0, 5)) progress(`lost: ${line}`);

  progress('Metrics');
  const ports = [first.metricsPort, second.metricsPort, chain.workerMetricsPort];
  const texts = await Promise.all(ports.map((port) => ask(`http://127.0.0.1:${port}/metrics`)));
  count(
    'processes that tell their metrics',
    texts.map(({ body }) => body.includes('preau_database_up 1')),
  );
  return { versions: {}, results };
};
