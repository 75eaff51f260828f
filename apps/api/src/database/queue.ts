import type { CentralTrx } from '@preau/tenancy';
import type { Knex } from 'knex';
import pg from 'pg';

/** Schema that the queue's library makes, migrates and owns as the application's role; tenants' roles have no way in. */
export const QUEUE_SCHEMA = 'graphile_worker';

/** A few connections of the queue's own: it keeps one for LISTEN, which a transaction pooler would not carry. */
export function queuePool(url: string, max: number, onError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: 'preau jobs',
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
  });
  pool.on('error', onError);
  pool.on('connect', (client) => void client.on('error', onError));
  return pool;
}

/** Last migration of the library's own ladder, in the version that is pinned; a test compares. */
export const QUEUE_VERSION = 20;

/** Brings the queue's schema up to date. Two processes at once may do so. */
export async function migrateQueue(knex: Knex, url: string): Promise<void> {
  const { rows } = await knex.raw(`SELECT to_regclass('${QUEUE_SCHEMA}.migrations') IS NOT NULL AS there`);
  if (rows[0].there) {
    const { rows: versions } = await knex.raw(`SELECT max(id) AS version FROM ${QUEUE_SCHEMA}.migrations`);
    if (versions[0].version === QUEUE_VERSION) return;
  }
  // Loaded when it is needed: it takes some tenths of a second, of every start and every command.
  const { Logger, runMigrations } = await import('graphile-worker');
  const pool = queuePool(url, 1, () => {});
  try {
    await runMigrations({ pgPool: pool, schema: QUEUE_SCHEMA, logger: new Logger(() => () => {}) });
  } finally {
    await pool.end();
  }
}

export interface WakeUp {
  /** Task name: the kind of the job. */
  kind: string;
  jobId: string;
  /** Seconds from now; 0 unless told. */
  inSeconds?: number;
}

/**
 * Asks for a worker, inside the caller's transaction: none is woken for what is rolled back. One wake-up a job: a second one
 * replaces the first, and one that is being served already is left alone.
 */
export async function wakeWorker(trx: CentralTrx, { kind, jobId, inSeconds = 0 }: WakeUp): Promise<void> {
  await trx.raw(
    `SELECT FROM ${QUEUE_SCHEMA}.add_job(identifier => ?::text, payload => ?::json, job_key => ?::text,
       run_at => now() + make_interval(secs => ?::float8), max_attempts => 25)`,
    [kind, JSON.stringify({ job_id: jobId }), jobId, inSeconds],
  );
}
