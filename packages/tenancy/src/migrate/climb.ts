import type { Knex } from 'knex';
import { asTenantRole, becomeTenant } from '../provision/tenant-schema.ts';
import { sendAlone } from '../run/alone.ts';
import type { TransactionConfig } from '../run/client.ts';
import { centralOpening } from '../run/opening.ts';
import { assertSchemaName } from '../tenant-ref.ts';
import type { Course } from './course.ts';
import { lockSchema, RESULTS, schemaLock, VERSIONS } from './versions.ts';

export interface Climb {
  schemaName: string;
  course: Course;
  /** The run that this is part of: its row of results is written in the same transaction. */
  runId: string | null;
  /** Which attempt of the run this is, from 1. */
  attempt: number;
  /** Milliseconds to wait for a lock. Short: whoever comes after us waits behind us. */
  lockTimeout: number;
}

/** The schema is not at the version that the course begins at: somebody else has moved it, or dropped it. */
export class SchemaMoved extends Error {
  constructor(schemaName: string, options?: ErrorOptions) {
    super(`Schema ${schemaName} is not at the version it was found at`, options);
  }
}

const literal = (text: string | null): string => (text === null ? 'NULL' : `'${text.replaceAll("'", "''")}'`);
const array = (names: readonly string[]): string => `ARRAY[${names.map(literal).join(',')}]::text[]`;

/**
 * Moves the version and writes the result, if the schema is where the course begins; a missing name otherwise, which the table
 * refuses. One statement, so that it needs no answer before the next.
 */
const claim = ({ schemaName, course: { from, to, names }, runId, attempt }: Climb): string =>
  `WITH moved AS (UPDATE ${VERSIONS} SET version=${literal(to)},migrated_at=now() WHERE schema_name='${schemaName}'` +
  ` AND version IS NOT DISTINCT FROM ${literal(from)} RETURNING schema_name)` +
  ` INSERT INTO ${RESULTS} (run_id,schema_name,from_version,to_version,applied,attempts)` +
  ` VALUES (${literal(runId)},(SELECT schema_name FROM moved),${literal(from)},${literal(to)},${array(names)},${attempt})` +
  ' ON CONFLICT (run_id,schema_name) DO UPDATE SET from_version=excluded.from_version,to_version=excluded.to_version,' +
  'applied=excluded.applied,attempts=excluded.attempts,error=NULL,at=excluded.at';

const boundsOf = ({ lockTimeout }: Climb): string =>
  `SET LOCAL lock_timeout=${Math.ceil(lockTimeout)};SET LOCAL statement_timeout=0;SET LOCAL synchronous_commit=off`;

/**
 * All that a climb sends, to be run in a transaction: it can go together with others'. Null where the course has to be run
 * statement by statement.
 */
export function messageOf(task: Climb): string | null {
  const { schemaName, course, runId } = task;
  assertSchemaName(schemaName);
  if (course.text === null || runId === null) return null;
  return [boundsOf(task), schemaLock(schemaName), claim(task), becomeTenant(schemaName), course.text].join(
    ';',
  );
}

const isUnclaimed = (error: unknown): boolean => {
  const { code, table, column } = error as { code?: string; table?: string; column?: string };
  return code === '23502' && table === 'fleet_results' && column === 'schema_name';
};

/**
 * Takes one tenant's schema along a course, in a transaction of its own that also moves its version and records the result.
 * One message where the course has a text.
 *
 * Does not wait for the disk: what is lost in a crash of the server is lost whole, version and result too. The run waits once,
 * at its end.
 * @throws SchemaMoved when the schema is elsewhere; nothing was done then. Else whatever PostgreSQL says.
 */
export async function climb(knex: Knex, task: Climb): Promise<void> {
  const { schemaName, course, runId } = task;
  const text = messageOf(task);
  try {
    if (text !== null) return await sendAlone(knex, [schemaName], text);
    const opening = `${centralOpening({ readOnly: false })};${boundsOf(task)}`;
    await knex.transaction(
      async (trx) => {
        await lockSchema(trx, schemaName);
        if (runId !== null) await trx.raw(claim(task).replaceAll('?', '\\?'));
        else await claimUnrecorded(trx, task);
        await asTenantRole(trx, schemaName, () => course.run(trx));
      },
      { opening, schemaName } as TransactionConfig,
    );
  } catch (error) {
    if (isUnclaimed(error)) throw new SchemaMoved(schemaName, { cause: error });
    throw error;
  }
}

/**
 * Several climbs in one message, each in a transaction of its own: the exchange costs as much as the work of a short migration.
 * @throws whatever PostgreSQL says of the first that fails. Those before it have arrived, it and those after it have not moved:
 * only their results tell which is which.
 */
export async function climbTogether(
  knex: Knex,
  climbs: readonly { schemaName: string; message: string }[],
): Promise<void> {
  const names = climbs.map(({ schemaName }) => schemaName);
  await sendAlone(knex, names, climbs.map(({ message }) => `BEGIN;${message};COMMIT`).join(';'));
}

async function claimUnrecorded(trx: Knex.Transaction, { schemaName, course }: Climb): Promise<void> {
  const { rows } = await trx.raw(
    `UPDATE ${VERSIONS} SET version = ?, migrated_at = now() WHERE schema_name = ? AND version IS NOT DISTINCT FROM ?
     RETURNING schema_name`,
    [course.to, schemaName, course.from] as never,
  );
  if (rows.length === 0) throw new SchemaMoved(schemaName);
}
