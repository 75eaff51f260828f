import { connect, createMigrator, createTenancy } from '@preau/tenancy';
import { loadLadders } from '../../src/database/database.ts';
import { OPERATOR } from '../../src/features/audit/index.ts';
import { runMigration } from '../../src/features/fleet/index.ts';
import { tallLadder } from './tall-ladder.ts';

/** `migrate-process.ts URL MORE`: migrates the fleet up a taller ladder and prints a line a school; to be killed. */
const [url = '', more = '0'] = process.argv.slice(2);
const ladders = await loadLadders();
const knex = connect({ url, applicationName: 'preau chaos migrator' });
const migrator = createMigrator({
  knex,
  ladders: { ...ladders, tenant: tallLadder(ladders.tenant, Number(more)) },
});
const run = await runMigration(
  { tenancy: createTenancy({ knex }), migrator },
  {
    origin: OPERATOR,
    onStart: ({ id }) => process.stdout.write(`${JSON.stringify({ run: id })}\n`),
    onReport: ({ schemaName, outcome }) =>
      process.stdout.write(`${JSON.stringify({ schema: schemaName, outcome })}\n`),
  },
);
await knex.destroy();
process.exit(run.status === 'done' ? 0 : 1);
