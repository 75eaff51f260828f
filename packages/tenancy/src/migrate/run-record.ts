import { hostname } from 'node:os';
import type { Knex } from 'knex';
import { RESULTS, RUNS, VERSIONS } from './versions.ts';

/** How a run ended, or that it has not. `interrupted`: its process died. */
export type RunStatus = 'running' | 'done' | 'failed' | 'halted' | 'stopped' | 'interrupted';

export interface RunRecord {
  id: string;
  kind: 'migrate' | 'rollback';
  /** Version that it brings schools to; null for a rollback, where each goes back to its own. */
  target: string | null;
  /** The run that a rollback undoes. */
  undoes: string | null;
  /** What it was asked, for the report. */
  options: Readonly<Record<string, unknown>>;
  total: number;
}

export interface RunResult {
  schemaName: string;
  from: string | null;
  to: string | null;
  applied: string[];
  attempts: number;
  error: string | null;
  at: Date;
}

/** Seconds of silence after which a run is taken for dead. */
export const SILENCE = 30;

/** Enters a run, in the caller's transaction. */
export async function insertRun(trx: Knex.Transaction, run: RunRecord): Promise<void> {
  await trx.raw(
    `INSERT INTO ${RUNS} (id, kind, target, undoes, options, host, pid, total) VALUES (?, ?, ?, ?, ?::jsonb, ?, ?, ?)`,
    [
      run.id,
      run.kind,
      run.target,
      run.undoes,
      JSON.stringify(run.options),
      hostname(),
      process.pid,
      run.total,
    ] as never,
  );
}

/** Writes how a run ended, in the caller's transaction. Its commit waits for the disk, and so for all schools before it. */
export async function endRun(trx: Knex.Transaction, id: string, status: RunStatus): Promise<void> {
  await trx.raw(`UPDATE ${RUNS} SET status = ?, ended_at = now(), seen_at = now() WHERE id = ?`, [
    status,
    id,
  ]);
}

/** A sign of life, and how many schools there are by now. */
export async function touchRun(knex: Knex, id: string, total: number): Promise<void> {
  await knex.raw(`UPDATE ${RUNS} SET seen_at = now(), total = ? WHERE id = ?`, [total, id]);
}

/** Writes that a school failed in a run. What the school's own transaction has written is left alone. */
export async function recordFailure(
  knex: Knex,
  runId: string,
  result: Pick<RunResult, 'schemaName' | 'from' | 'to' | 'attempts' | 'error'>,
): Promise<void> {
  await knex.raw(
    `INSERT INTO ${RESULTS} AS r (run_id, schema_name, from_version, to_version, applied, attempts, error) VALUES (?, ?, ?, ?, '{}', ?, ?)
     ON CONFLICT (run_id, schema_name) DO UPDATE SET attempts = excluded.attempts, error = excluded.error, at = excluded.at
       WHERE r.error IS NOT NULL`,
    [runId, result.schemaName, result.from, result.to, result.attempts, result.error] as never,
  );
}

/** Where a schema is now, and whether this run brought it there: the answer to a commit may have been lost. */
export async function whereabouts(
  knex: Knex,
  runId: string | null,
  schemaName: string,
): Promise<{ version: string | null; byThisRun: boolean } | null> {
  const { rows } = await knex.raw(
    `SELECT version, (SELECT to_version IS NOT DISTINCT FROM v.version FROM ${RESULTS} r
       WHERE r.run_id = ?::uuid AND r.schema_name = v.schema_name AND r.error IS NULL) AS ours
     FROM ${VERSIONS} v WHERE v.schema_name = ?`,
    [runId, schemaName] as never,
  );
  return rows[0] ? { version: rows[0].version, byThisRun: rows[0].ours === true } : null;
}

/**
 * Whether the process of a run that has not ended is gone: nothing was heard of it for {@link SILENCE} seconds, or it was of
 * this machine and there is no such process.
 */
export const hasDied = ({ host, pid, silent }: { host: string; pid: number; silent: number }): boolean =>
  silent > SILENCE || (host === hostname() && !isAlive(pid));

/** Marks the runs whose process died. */
export async function markInterrupted(knex: Knex): Promise<void> {
  const { rows } = await knex.raw(
    `SELECT id, host, pid, extract(epoch FROM now() - seen_at)::float8 AS silent FROM ${RUNS} WHERE status = 'running'`,
  );
  const dead = (rows as { id: string; host: string; pid: number; silent: number }[])
    .filter(hasDied)
    .map(({ id }) => id);
  if (dead.length === 0) return;
  await knex.raw(
    `UPDATE ${RUNS} SET status = 'interrupted', ended_at = seen_at WHERE id = ANY(?) AND status = 'running'`,
    [dead as never],
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process is one.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
