import { KEY_SCOPES } from '@preau/contracts/permissions';
import { newSchemaName } from '@preau/tenancy';
import { Agent } from 'node:http';
import pg from 'pg';
import { createServices } from '../src/services.ts';
import { SYSTEM } from '../src/features/audit/index.ts';
import { ask } from './ask.ts';
import type { Installation } from './installation.ts';
import { atMost, figure, within, type Result } from './report.ts';
import { ordinarySchool } from './school.ts';
import { median } from './statistics.ts';
import { asBatch, ddlOf, recordStatements } from './statements.ts';

const GOAL = 1.5;
/** Milliseconds for a school whose schema was built ahead. */
const CLAIM_GOAL = 20;
export const WARM_UP = 3;

/** What a schema holds, without its name: the two ways of making one must give the same. */
const CONTENT = `
  SELECT coalesce(string_agg(line, E'\\n' ORDER BY line), '') AS content, count(*)::int AS lines FROM (
    SELECT concat_ws(' ', c.relkind, c.relname, pg_get_userbyid(c.relowner) = $1, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),
             a.attnotnull, c.relacl::text IS NULL) AS line
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
      WHERE c.relnamespace = $1::regnamespace
    UNION ALL
    SELECT concat_ws(' ', conname, replace(pg_get_constraintdef(oid), $1, 'its own')) FROM pg_constraint WHERE connamespace = $1::regnamespace
    UNION ALL
    SELECT concat_ws(' ', 'schema', pg_get_userbyid(nspowner) = $1, pg_has_role(current_user, nspowner, 'SET'))
      FROM pg_namespace WHERE nspname = $1
  ) AS content`;

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Throws unless the batch makes the schema that provisioning made. */
export async function assertSameContent(
  client: pg.Client,
  provisioned: string,
  batch: (schemaName: string) => Promise<unknown>,
): Promise<void> {
  const twin = newSchemaName();
  await batch(twin);
  const [ours, theirs] = await Promise.all([provisioned, twin].map((name) => client.query(CONTENT, [name])));
  if (ours?.rows[0].lines < 2 || ours?.rows[0].content !== theirs?.rows[0].content) {
    throw new Error(
      `provision: the batch makes another schema than provisioning:\n${ours?.rows[0].content}\n--\n${theirs?.rows[0].content}`,
    );
  }
}

/** What schools cost that take a ready schema: the taking, and the provisioning over HTTP that finds it built. */
async function measureClaim(
  { config, database }: Installation,
  overHttp: (id: string) => Promise<void>,
  times: number,
): Promise<number> {
  const { readyPool, tenants, tenancy } = createServices({ ...config, poolSize: 1 }, database, (error) => {
    throw error;
  });
  const spent: number[] = [];
  for (let round = 0; round < times + WARM_UP; round += 1) {
    await readyPool.fill();
    const undone = new Error('put back');
    const taking = await timed(() =>
      tenancy
        .central(async ({ trx }) => {
          if (!(await readyPool.take(trx))) throw new Error('provision: no schema was ready');
          throw undone;
        })
        .catch((error: unknown) => {
          if (error !== undone) throw error;
        }),
    );
    const { tenant } = await tenants.create(SYSTEM, ordinarySchool(`bench-ready-${round}`));
    if ((await readyPool.stock()).ready > 0) throw new Error('provision: the school took no ready schema');
    spent.push(taking + (await timed(() => overHttp(tenant.id))));
  }
  return median(spent.slice(WARM_UP));
}

/**
 * Provisioning over HTTP, against its own DDL sent as one message in one transaction. In turns, each on a new school. The
 * service without HTTP is shown beside it.
 */
export async function measureProvision(installation: Installation, times: number): Promise<Result[]> {
  const { services, server, postgres } = installation;
  const scopes = KEY_SCOPES.filter((scope) => scope.startsWith('tenants:'));
  const { key } = await services.apiKeys.create(SYSTEM, { name: 'bench', scopes });
  const headers = { host: `console.${services.base.domain}`, authorization: `Api-Key ${key}` };
  let number = 0;
  const newSchool = async () =>
    (await services.tenants.create(SYSTEM, ordinarySchool(`bench-${(number += 1)}`))).tenant;
  const newSchools = async (count: number) => {
    const schools = [];
    while (schools.length < count) schools.push(await newSchool());
    return schools;
  };

  const model = await newSchool();
  const ddl = ddlOf(await recordStatements(() => services.provisioning.provision(SYSTEM, model.id)));
  const template = asBatch(ddl);

  // Each way keeps its one connection.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    const overHttp = async (id: string): Promise<void> => {
      const url = `${server.url}/api/v1/tenants/${id}/provision/`;
      const answer = await ask(url, { method: 'POST', headers, agent });
      if (answer.status !== 200) throw new Error(`provision: ${answer.status} ${answer.body}`);
    };
    const batch = (schemaName: string = newSchemaName()) =>
      client.query(template.replaceAll(model.schema_name, schemaName));

    await assertSameContent(client, model.schema_name, batch);

    const first = await newSchools(times + WARM_UP);
    const second = await newSchools(times + WARM_UP);
    const rounds: { http: number; service: number; batch: number }[] = [];
    for (const [at, school] of first.entries()) {
      rounds.push({
        http: await timed(() => overHttp(school.id)),
        batch: await timed(() => batch()),
        service: await timed(() => services.provisioning.provision(SYSTEM, second[at]?.id ?? '')),
      });
    }
    const claim = await measureClaim(installation, overHttp, times);
    const middle = (name: 'http' | 'service' | 'batch'): number =>
      median(rounds.slice(WARM_UP).map((round) => round[name]));
    return [
      figure('provision Préau', middle('http'), 'ms'),
      figure('provision service', middle('service'), 'ms'),
      figure('provision batch', middle('batch'), 'ms'),
      figure('provision service ratio', middle('service') / middle('batch'), 'ratio'),
      within('provision with a ready schema', claim, CLAIM_GOAL),
      atMost('provision ratio', middle('http') / middle('batch'), GOAL),
    ];
  } finally {
    agent.destroy();
    await client.end();
  }
}
