import { Agent } from 'node:http';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { agendaBindings, agendaPageSql } from '../../src/features/directory/index.ts';
import { firstNetworkId, leaveNetwork, lockTenant } from '../../src/features/tenants/index.ts';
import { ask } from '../ask.ts';
import { install, type Installation } from '../installation.ts';
import { enterSchools } from '../many-schools.ts';
import { exactly, figure, within, type Result } from '../report.ts';
import type { Scenario } from '../scenario.ts';
import { median, percentile } from '../statistics.ts';
import { serverVersion } from '../versions.ts';

const GOAL_MS = 20;

/** Schools in the first network, and what each shares over a year, as `share_event` would have written it. */
async function fill(
  { postgres, config }: Installation,
  network: string,
  schools: number,
  events: number,
): Promise<void> {
  await enterSchools(postgres.url, config.base.domain, 0, schools);
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    await client.query(
      `UPDATE public.tenants SET modules_enabled = '{"agenda": true}' WHERE school_type <> 'network'`,
    );
    await client.query(
      `INSERT INTO public.network_members (network_id, tenant_id, status, accepted_at)
       SELECT $1, id, 'accepted', now() FROM public.tenants WHERE school_type <> 'network'`,
      [network],
    );
    await client.query(
      `INSERT INTO public.directory_profiles (tenant_id, listed)
       SELECT id, true FROM public.tenants WHERE school_type <> 'network'`,
    );
    await client.query(
      `INSERT INTO public.agenda_events (tenant_id, event_id, title, description, place, tags, time_zone, is_public)
       SELECT s.id, gen_random_uuid(), 'Événement ' || n, repeat('Description. ', 10), 'Préau', ARRAY['tag ' || n % 50],
         'Europe/Paris', n % 4 <> 0
       FROM generate_series(1, $1::int) AS n
       JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS at FROM public.tenants WHERE school_type <> 'network') s
         ON s.at = n % $2::int`,
      [events, schools],
    );
    await client.query(
      `INSERT INTO public.agenda_entries
         (scope_id, tag, starts_at, tenant_id, event_id, day, ends_at, starts_on, ends_on, all_day, is_public)
       SELECT s.scope, t.tag, d.at, e.tenant_id, e.event_id, d.at::date, d.at + interval '2 hours', d.at::date,
         d.at::date + CASE WHEN d.long THEN 4 ELSE 0 END, false, e.is_public
       FROM public.agenda_events e
       CROSS JOIN LATERAL (SELECT date_trunc('hour', now()) - interval '60 days' + random() * interval '365 days' AS at,
           random() < 0.02 AS long, e.event_id) d
       CROSS JOIN LATERAL (VALUES (e.tenant_id), ($1::uuid)) AS s (scope)
       CROSS JOIN LATERAL (VALUES (''), (e.tags[1])) AS t (tag)`,
      [network],
    );
    await client.query('VACUUM ANALYZE public.agenda_entries, public.agenda_events, public.network_members');
    await client.query('ANALYZE public.tenants, public.directory_profiles');
  } finally {
    await client.end();
  }
}

/** What the database does for a page: the indexes it reads, and whether it sorts more than that page. */
async function planOf({ services }: Installation, network: string): Promise<string> {
  return services.tenancy.central(
    async ({ trx }) => {
      const scope = { id: network, view: 'everybody' } as const;
      const from = new Date();
      const asked = { from, to: new Date(from.getTime() + 92 * 86_400_000), page: 1, size: 20 };
      const { rows } = await trx.raw(
        `EXPLAIN (ANALYZE, BUFFERS, COSTS off) ${agendaPageSql(scope)}`,
        agendaBindings(scope, asked) as never,
      );
      return (rows as { 'QUERY PLAN': string }[]).map((row) => row['QUERY PLAN']).join('\n');
    },
    { readOnly: true },
  );
}

/** The agenda of a network of many schools: what a page costs, and whether a school that leaves is gone at once. */
export const agenda: Scenario = async ({ short, endings, progress }) => {
  const [schools, events, times] = short ? [50, 2_000, 20] : [2_000, 200_000, 300];
  progress('Starting the product');
  const installation = await install({ endings });
  const { services, server, config } = installation;
  const network = await services.tenancy.central(({ trx }) => firstNetworkId(trx));
  if (network === null) throw new Error('A fresh installation has a network');
  progress(`${schools} schools and ${events} events`);
  await fill(installation, network, schools, events);

  const plan = await planOf(installation, network);
  progress(plan);

  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const read = async (query = '') => {
    const begun = performance.now();
    const answer = await ask(`${server.url}/api/v1/agenda/${query}`, {
      method: 'GET',
      headers: { host: config.base.domain },
      agent,
    });
    if (answer.status !== 200) throw new Error(`The agenda answered ${answer.status}`);
    return {
      took: performance.now() - begun,
      body: JSON.parse(answer.body) as { count: number; results: { school: { id: string } }[] },
    };
  };
  progress('First pages');
  const measure = async (query: string): Promise<number[]> => {
    for (let warm = 0; warm < 10; warm += 1) await read(query);
    const took: number[] = [];
    for (let at = 0; at < times; at += 1) took.push((await read(query)).took);
    return took;
  };
  const first = await measure('');
  const tagged = await measure('?tag=tag%207');

  progress('A school leaves');
  const shown = (await read()).body.results[0]?.school.id ?? randomUUID();
  const begun = performance.now();
  await services.tenancy.central(async ({ trx }) => {
    await lockTenant(trx, shown);
    await leaveNetwork(trx, network, shown);
  });
  const left = performance.now() - begun;
  const after = (await read('?page_size=100')).body.results.filter(
    ({ school }) => school.id === shown,
  ).length;

  const unit = 'ms';
  const results: Result[] = [
    within('first page, median', median(first), GOAL_MS),
    figure('first page, 99th percentile', percentile(first, 0.99), unit),
    within('first page of a tag, median', median(tagged), GOAL_MS),
    exactly(
      'scans of a whole table in the plan of a page',
      (plan.match(/Seq Scan on agenda/g) ?? []).length,
      0,
      'scans',
    ),
    figure('a school leaves', left, unit),
    exactly('its entries on the page after that', after, 0, 'entries'),
  ];
  return { versions: { postgresql: await serverVersion(installation.postgres.url) }, results };
};
