import { KEY_SCOPES } from '@preau/contracts/permissions';
import { newSchemaName } from '@preau/tenancy';
import pg from 'pg';
import { SYSTEM } from '../src/features/audit/index.ts';
import { ask } from './ask.ts';
import type { Installation } from './installation.ts';
import { atMost, figure, type Result } from './report.ts';
import { ordinarySchool } from './school.ts';
import { median } from './statistics.ts';
import { asBatch, ddlOf, recordStatements } from './statements.ts';

const GOAL = 1.5;
const WARM_UP = 3;

/** What a schema holds, without its name: the two ways of making one must give the same. */
const CONTENT = `
  SELECT coalesce(string_agg(line, E'\\n' ORDER BY line), '') AS content, count(*)::int AS lines FROM (
    SELECT concat_ws(' ', c.relkind, c.relname, pg_get_userbyid(c.relowner) = $1, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),
             a.attnotnull, c.relacl::text IS NULL) AS line
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
      WHERE c.relnamespace = $1::regnamespace
    UNION ALL
    SELECT concat_ws(' ', conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace = $1::regnamespace
    UNION ALL
    SELECT concat_ws(' ', 'schema', pg_get_userbyid(nspowner) = $1, pg_has_role(current_user, nspowner, 'SET'))
      FROM pg_namespace WHERE nspname = $1
  ) AS content`;

/** Provisioning over HTTP, against its own DDL sent as one message in one transaction. In turns, each on new schools. */
export async function measureProvision(installation: Installation, times: number): Promise<Result[]> {
  const { services, server, postgres } = installation;
  const scopes = KEY_SCOPES.filter((scope) => scope.startsWith('tenants:'));
  const { key } = await services.apiKeys.create(SYSTEM, { name: 'bench', scopes });
  const headers = { host: `console.${services.base.domain}`, authorization: `Api-Key ${key}` };
  let number = 0;
  const newSchool = async () =>
    (await services.tenants.create(SYSTEM, ordinarySchool(`bench-${(number += 1)}`))).tenant;

  const model = await newSchool();
  const ddl = ddlOf(await recordStatements(() => services.provisioning.provision(SYSTEM, model.id)));
  const template = asBatch(ddl);

  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    const provision = async (): Promise<number> => {
      const { id } = await newSchool();
      const began = performance.now();
      const answer = await ask(`${server.url}/api/v1/tenants/${id}/provision/`, { method: 'POST', headers });
      const took = performance.now() - began;
      if (answer.status !== 200) throw new Error(`provision: ${answer.status} ${answer.body}`);
      return took;
    };
    const batch = async (schemaName: string = newSchemaName()): Promise<number> => {
      const text = template.replaceAll(model.schema_name, schemaName);
      const began = performance.now();
      await client.query(text);
      return performance.now() - began;
    };

    const twin = newSchemaName();
    await batch(twin);
    const [ours, theirs] = await Promise.all(
      [model.schema_name, twin].map((name) => client.query(CONTENT, [name])),
    );
    if (ours?.rows[0].lines < 2 || ours?.rows[0].content !== theirs?.rows[0].content) {
      throw new Error(
        `provision: the batch makes another schema than provisioning:\n${ours?.rows[0].content}\n--\n${theirs?.rows[0].content}`,
      );
    }

    for (let time = 0; time < WARM_UP; time += 1) {
      await provision();
      await batch();
    }
    const rounds: { ours: number; theirs: number }[] = [];
    for (let time = 0; time < times; time += 1)
      rounds.push({ ours: await provision(), theirs: await batch() });
    const oursMs = median(rounds.map((round) => round.ours));
    const theirsMs = median(rounds.map((round) => round.theirs));
    return [
      figure('provision Préau', oursMs, 'ms'),
      figure('provision batch', theirsMs, 'ms'),
      atMost('provision ratio', oursMs / theirsMs, GOAL),
    ];
  } finally {
    await client.end();
  }
}
