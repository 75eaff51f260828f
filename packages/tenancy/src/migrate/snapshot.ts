import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Knex } from 'knex';
import { catalogueDifference } from '../inspect/catalogue.ts';
import { asTenantRole, tenantSchemaText } from '../provision/tenant-schema.ts';
import { centralOpening } from '../run/opening.ts';
import type { TransactionConfig } from '../run/client.ts';
import { newSchemaName } from '../tenant-ref.ts';
import { ladderVersion, type Ladder } from './ladder.ts';

/** The tenant ladder as one text, for a schema that has nothing yet: one message instead of one a statement. */
export interface Snapshot {
  /** Version of a schema that is made of it. */
  version: string;
  /** Of the ladder that it was made from. */
  digest: string;
  /** Statements, with {@link SCHEMA_PLACE} where the schema's own name stands. */
  text: string;
}

/** Stands for the schema's name, should a migration have written it. */
const SCHEMA_PLACE = '{{schema}}';

const HEADING =
  '-- The ladder of schools as one text, made by `pnpm preau fleet snapshot`. Not to be edited.';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The snapshot as its file has it. */
export const formatSnapshot = ({ version, digest, text }: Snapshot): string =>
  `${HEADING}\n-- version ${version}\n-- ladder ${digest}\n-- text ${sha256(text)}\n${text}\n`;

const FILE = /^--[^\n]*\n-- version (\w+)\n-- ladder (\w+)\n-- text (\w+)\n([^]*)\n$/;

/** Reads what {@link formatSnapshot} wrote; null for anything else, such as a text that was edited or merged by hand. */
export function parseSnapshot(file: string): Snapshot | null {
  const [, version, digest, checksum, text] = FILE.exec(file.replaceAll('\r\n', '\n')) ?? [];
  if (!version || !digest || text === undefined || sha256(text) !== checksum) return null;
  return { version, digest, text };
}

/** The snapshot in a file; null when there is none, or none that is whole. */
export async function loadSnapshot(path: string): Promise<Snapshot | null> {
  try {
    return parseSnapshot(await readFile(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Whether a schema made of the snapshot is one that climbed this ladder: the ladder has not changed since. */
export const isCurrent = (snapshot: Snapshot | null | undefined, ladder: Ladder): snapshot is Snapshot =>
  snapshot?.digest === ladder.digest && snapshot.version === ladderVersion(ladder);

/** The statements for one schema, as knex's `raw` takes them; to be run as its role and on its path. */
export const snapshotText = ({ text }: Snapshot, schemaName: string): string =>
  text.replaceAll(SCHEMA_PLACE, schemaName).replaceAll('?', '\\?');

/**
 * Makes the snapshot of a ladder: climbs it in a schema that is rolled back, on a real server, and keeps each statement as it
 * was sent. What a migration decides by looking is decided here as in every new school, since both are empty.
 *
 * The text is then run in a second such schema and the two are compared; it is answered only if PostgreSQL finds them alike.
 * Nothing remains of either. Needs the right to make roles and schemas, but no table of the platform.
 * @throws Error for an empty ladder, for a migration that binds values (they could be another school's tomorrow), and when
 * the schemas differ.
 */
export async function recordSnapshot(knex: Knex, ladder: Ladder): Promise<Snapshot> {
  const version = ladderVersion(ladder);
  if (version === null) throw new Error('A ladder without migrations has no snapshot');
  const done = new Error('rolled back');
  let made: Snapshot | undefined;
  const work = async (trx: Knex.Transaction) => {
    await trx.raw('SET LOCAL statement_timeout = 0');
    const climbed = newSchemaName();
    await trx.raw(tenantSchemaText(trx, climbed));
    const statements = await asTenantRole(trx, climbed, () => climb(trx, ladder));
    const text = statements.join('\n;\n').replaceAll(climbed, SCHEMA_PLACE);
    const snapshot = { version, digest: ladder.digest, text };

    const built = newSchemaName();
    await trx.raw(tenantSchemaText(trx, built));
    await asTenantRole(trx, built, () => trx.raw(snapshotText(snapshot, built)));
    const [first] = await catalogueDifference(trx, climbed, built);
    if (first)
      throw new Error(
        `The snapshot makes another schema than the ladder: ${first.kind} ${first.object} is ${first.right}, not ${first.left}`,
      );
    made = snapshot;
    throw done;
  };
  try {
    await knex.transaction(work, { opening: centralOpening({ readOnly: false }) } as TransactionConfig);
  } catch (error) {
    if (error !== done) throw error;
  }
  return made as Snapshot;
}

/** Runs every migration and answers the statements that it sent. */
async function climb(trx: Knex.Transaction, ladder: Ladder): Promise<string[]> {
  const statements: string[] = [];
  let binding: string | undefined;
  const listen = ({ sql, bindings }: { sql: string; bindings?: unknown[] }) => {
    statements.push(sql.trim().replace(/;$/, ''));
    if (bindings && bindings.length > 0) binding ??= sql;
  };
  trx.on('query', listen);
  try {
    for (const { name, up } of ladder.migrations) {
      await up(trx);
      if (binding)
        throw new Error(`Migration ${name} binds values: write them into the statement\n  ${binding}`);
    }
  } finally {
    trx.removeListener('query', listen);
  }
  return statements;
}
