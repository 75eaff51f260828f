import { createMigrator, newSchemaName, type Ladder, recordSnapshot } from '@preau/tenancy';
import pg from 'pg';
import { createServices } from '../src/services.ts';
import { SYSTEM } from '../src/features/audit/index.ts';
import type { Installation } from './installation.ts';
import { assertSameContent, timed, WARM_UP } from './measure-provision.ts';
import { atMost, figure, type Result } from './report.ts';
import { ordinarySchool } from './school.ts';
import { median } from './statistics.ts';
import { asBatch, ddlOf, recordStatements } from './statements.ts';

const GOAL = 1.3;
const TABLES = 40;

/** The product's ladder with so many tables more that there are {@link TABLES}: what a school of all modules has. */
function tallLadder({ migrations }: Ladder): Ladder {
  const table = (number: number) => `CREATE TABLE bench_${number} (
    id uuid PRIMARY KEY, author_id uuid NOT NULL, title text NOT NULL CHECK (length(title) <= 200), body text NOT NULL DEFAULT '',
    position integer NOT NULL DEFAULT 0, visible boolean NOT NULL DEFAULT true, details jsonb NOT NULL DEFAULT '{}',
    starts_at timestamptz, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now())`;
  const statements = Array.from({ length: TABLES - 1 }, (_, number) => [
    table(number),
    `CREATE INDEX bench_${number}_recent ON bench_${number} (created_at DESC, id)`,
  ]).flat();
  const tall = {
    name: '29990101_000001_tall',
    up: async (trx: { raw(sql: string): PromiseLike<unknown> }) => {
      for (const statement of statements) await trx.raw(statement);
    },
    down: async () => {},
  };
  return { digest: 'tall', migrations: [...migrations, tall] };
}

/**
 * Provisioning with a ladder of forty tables, without HTTP, against its own DDL sent as one message in one transaction. What
 * stands beside the tables (the job, the audit, the invitation) weighs there what it will weigh.
 */
export async function measureTallLadder(
  { config, database, postgres }: Installation,
  times: number,
): Promise<Result[]> {
  const ladders = { ...database.migrator.ladders, tenant: tallLadder(database.migrator.ladders.tenant) };
  const snapshot = await recordSnapshot(database.knex, ladders.tenant);
  const migrator = createMigrator({ knex: database.knex, ladders, snapshot });
  const services = createServices(config, { ...database, migrator }, (error) => {
    throw error;
  });
  let number = 0;
  const newSchool = async () =>
    (await services.tenants.create(SYSTEM, ordinarySchool(`bench-tall-${(number += 1)}`))).tenant;
  const provision = (id: string) => services.provisioning.provision(SYSTEM, id);

  const model = await newSchool();
  const template = asBatch(ddlOf(await recordStatements(() => provision(model.id))));
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    const batch = (schemaName: string = newSchemaName()) =>
      client.query(template.replaceAll(model.schema_name, schemaName));
    await assertSameContent(client, model.schema_name, batch);
    const rounds: { ours: number; theirs: number }[] = [];
    for (let round = 0; round < times + WARM_UP; round += 1) {
      const { id } = await newSchool();
      rounds.push({ ours: await timed(() => provision(id)), theirs: await timed(() => batch()) });
    }
    const middle = (name: 'ours' | 'theirs'): number =>
      median(rounds.slice(WARM_UP).map((turn) => turn[name]));
    return [
      figure(`provision ${TABLES} tables, service`, middle('ours'), 'ms'),
      figure(`provision ${TABLES} tables, batch`, middle('theirs'), 'ms'),
      atMost(`provision ${TABLES} tables, ratio`, middle('ours') / middle('theirs'), GOAL),
    ];
  } finally {
    await client.end();
    await services.poolKeeper.close();
    await services.lastAccess.close();
  }
}
