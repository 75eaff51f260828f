import { hasDied, type CentralTrx } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import { findTenantId } from '../tenants/index.ts';
import { QUEUE_SCHEMA } from '../../database/queue.ts';

/** A schema of the fleet, by the name of its school; nulls for one that no school has taken yet. */
export interface FleetSchool {
  schemaName: string;
  subdomain: string | null;
  name: string | null;
  version: string | null;
}

export interface Heads {
  readonly public: string | null;
  readonly tenant: string | null;
}

/** Where the fleet is: all that a run begins with. */
export interface FleetPlan {
  /** Version of the shared tables. */
  shared: string | null;
  /** Last migration of the queue's own tables. */
  queue: number | null;
  /** Schemas that are behind; those of archived schools are not, and nobody's are not either. */
  behind: FleetSchool[];
}

/** A failure counts for as long as the school is where it failed. */
const FAILURE = `LATERAL (
    SELECT r.run_id, r.from_version, r.error, r.attempts, r.at FROM public.fleet_results r
      WHERE r.schema_name = f.schema_name AND r.error IS NOT NULL ORDER BY r.run_id DESC LIMIT 1
  ) r ON r.from_version IS NOT DISTINCT FROM f.version`;

const FLEET = `
  SELECT v.schema_name, v.version, t.subdomain, t.name, t.status, t.status IS NOT DISTINCT FROM 'archived' AS archived,
    p.schema_name IS NOT NULL AS ready
  FROM public.schema_versions v
  LEFT JOIN public.tenants t ON t.schema_name = v.schema_name
  LEFT JOIN public.ready_schemas p ON p.schema_name = v.schema_name
  WHERE v.ladder = 'tenant'`;

/**
 * What is to be migrated: one query, whatever the number of schools. Rejects when the database is older than the table of
 * versions, the queue or the schemas that are ready.
 */
export async function fleetPlan(
  trx: CentralTrx,
  head: string | null,
  { schemaName = null, onlyFailed = false }: { schemaName?: string | null; onlyFailed?: boolean } = {},
): Promise<FleetPlan> {
  const { rows } = await trx.raw(
    `SELECT s.version AS shared, (SELECT max(id) FROM ${QUEUE_SCHEMA}.migrations) AS queue, b.*
     FROM public.schema_versions s LEFT JOIN (
       SELECT f.schema_name, f.version, f.subdomain, f.name FROM (${FLEET}) f
       ${onlyFailed ? `JOIN ${FAILURE}` : ''}
       WHERE f.version IS DISTINCT FROM :head AND NOT f.archived AND (f.status IS NOT NULL OR f.ready)
         AND (:schemaName::text IS NULL OR f.schema_name = :schemaName)
     ) b ON true
     WHERE s.schema_name = 'public' ORDER BY b.schema_name`,
    { head, schemaName } as never,
  );
  return {
    shared: rows[0]?.shared ?? null,
    queue: rows[0]?.queue ?? null,
    behind: rows
      .filter((row: { schema_name: string | null }) => row.schema_name !== null)
      .map((row: Record<string, string>) => ({
        schemaName: row['schema_name'],
        subdomain: row['subdomain'],
        name: row['name'],
        version: row['version'],
      })),
  };
}

export interface RunRow {
  id: string;
  kind: 'migrate' | 'rollback';
  status: 'running' | 'done' | 'failed' | 'halted' | 'stopped' | 'interrupted';
  target: string | null;
  undoes: string | null;
  options: unknown;
  total: number;
  migrated: number;
  failed: number;
  started_at: string;
  ended_at: string | null;
}

const RUN = `
  SELECT u.id, u.kind, u.status, u.target, u.undoes, u.options, u.total, u.started_at, u.ended_at, u.host, u.pid,
    extract(epoch FROM now() - u.seen_at)::float8 AS silent,
    (SELECT count(*)::int FROM public.fleet_results r WHERE r.run_id = u.id AND r.error IS NULL AND r.schema_name <> 'public') AS migrated,
    (SELECT count(*)::int FROM public.fleet_results r WHERE r.run_id = u.id AND r.error IS NOT NULL) AS failed
  FROM public.fleet_runs u`;

/** Nobody writes that a run has died, before the next run does. */
function runRow(row: RunRow & { host: string; pid: number; silent: number }): RunRow {
  const { host, pid, silent, ...run } = row;
  const died = run.status === 'running' && hasDied({ host, pid, silent });
  return {
    ...run,
    status: died ? 'interrupted' : run.status,
    started_at: new Date(run.started_at).toISOString(),
    ended_at: run.ended_at && new Date(run.ended_at).toISOString(),
  };
}

/** One page of runs, latest first. */
export async function listRuns(
  trx: CentralTrx,
  { page = 1, page_size: size = 20 }: { page?: number; page_size?: number },
): Promise<{ count: number; rows: RunRow[] }> {
  const [counted, paged] = await Promise.all([
    trx.raw('SELECT count(*)::int AS count FROM public.fleet_runs'),
    trx.raw(`${RUN} ORDER BY u.id DESC LIMIT ? OFFSET ?`, [size, (page - 1) * size]),
  ]);
  return { count: counted.rows[0].count, rows: paged.rows.map(runRow) };
}

export interface ResultRow {
  schema_name: string;
  subdomain: string | null;
  name: string | null;
  from_version: string | null;
  to_version: string | null;
  applied: string[];
  attempts: number;
  error: string | null;
  at: string;
}

/** A run with what became of each school; the last run of all where no id is told. Throws `not_found`. */
export async function getRun(trx: CentralTrx, id?: string): Promise<{ run: RunRow; results: ResultRow[] }> {
  const { rows } = await trx.raw(
    `${RUN} ${id ? 'WHERE u.id = ?' : ''} ORDER BY u.id DESC LIMIT 1`,
    id ? [id] : [],
  );
  if (!rows[0]) throw new AppError('not_found');
  const run = runRow(rows[0]);
  const { rows: results } = await trx.raw(
    `SELECT r.schema_name, t.subdomain, t.name, r.from_version, r.to_version, r.applied, r.attempts, r.error, r.at
     FROM public.fleet_results r LEFT JOIN public.tenants t ON t.schema_name = r.schema_name
     WHERE r.run_id = ? ORDER BY r.error IS NULL, r.at, r.schema_name`,
    [run.id],
  );
  return {
    run,
    results: results.map((row: ResultRow) => ({ ...row, at: new Date(row.at).toISOString() })),
  };
}

/** The last run that brought schools forward. */
export async function lastMigration(trx: CentralTrx): Promise<string> {
  const { rows } = await trx.raw(
    "SELECT id FROM public.fleet_runs WHERE kind = 'migrate' ORDER BY id DESC LIMIT 1",
  );
  if (!rows[0]) throw new AppError('not_found');
  return rows[0].id;
}

/** A school that a run has migrated, and where it is now; null when its schema is gone. */
export interface Undoable extends Omit<FleetSchool, 'version'> {
  from: string | null;
  to: string | null;
  now: string | null;
}

/** What a run has migrated and is still there. */
export async function undoable(trx: CentralTrx, runId: string, schemaName?: string): Promise<Undoable[]> {
  const { rows } = await trx.raw(
    `SELECT r.schema_name AS "schemaName", t.subdomain, t.name, r.from_version AS "from", r.to_version AS "to", v.version AS now
     FROM public.fleet_results r JOIN public.schema_versions v ON v.schema_name = r.schema_name AND v.ladder = 'tenant'
     LEFT JOIN public.tenants t ON t.schema_name = r.schema_name
     WHERE r.run_id = ? AND r.error IS NULL AND (?::text IS NULL OR r.schema_name = ?) ORDER BY r.schema_name`,
    [runId, schemaName ?? null, schemaName ?? null] as never,
  );
  return rows;
}

/** Schemas that must exist, with the versions they should have: those of schools, and those that are ready for one. */
export async function ownedSchemas(trx: CentralTrx): Promise<FleetSchool[]> {
  const { rows } = await trx.raw(
    `SELECT t.schema_name AS "schemaName", t.subdomain, t.name, v.version FROM public.tenants t
       LEFT JOIN public.schema_versions v ON v.schema_name = t.schema_name
       WHERE t.provisioned_at IS NOT NULL OR v.schema_name IS NOT NULL
     UNION ALL
     SELECT p.schema_name, NULL, NULL, v.version FROM public.ready_schemas p
       JOIN public.schema_versions v ON v.schema_name = p.schema_name ORDER BY 1`,
  );
  return rows;
}

/** Names of schools to be, and of roles without one: of these there may be a role and no schema. */
export async function promisedNames(trx: CentralTrx): Promise<string[]> {
  const { rows } = await trx.raw(
    'SELECT schema_name AS name FROM public.tenants WHERE provisioned_at IS NULL UNION ALL SELECT role_name FROM public.ready_roles',
  );
  return rows.map(({ name }: { name: string }) => name);
}

export interface StatusRow {
  shared: string | null;
  total: number;
  current: number;
  behind: number;
  archived_behind: number;
  ready: number;
  versions: { version: string | null; schools: number }[];
  failed: {
    schema_name: string;
    subdomain: string | null;
    name: string | null;
    version: string | null;
    error: string;
    attempts: number;
    run_id: string;
    at: string;
  }[];
  last_run: RunRow | null;
}

/** Where the whole fleet is: one query, whatever the number of schools. */
export async function fleetStatus(trx: CentralTrx, head: string | null): Promise<StatusRow> {
  const { rows } = await trx.raw(
    `WITH fleet AS MATERIALIZED (${FLEET})
     SELECT (SELECT version FROM public.schema_versions WHERE schema_name = 'public') AS shared,
       count(*)::int AS total,
       count(*) FILTER (WHERE version IS NOT DISTINCT FROM :head)::int AS current,
       count(*) FILTER (WHERE version IS DISTINCT FROM :head AND NOT archived)::int AS behind,
       count(*) FILTER (WHERE version IS DISTINCT FROM :head AND archived)::int AS archived_behind,
       count(*) FILTER (WHERE ready)::int AS ready,
       (SELECT coalesce(jsonb_agg(to_jsonb(c) ORDER BY c.version DESC NULLS LAST), '[]') FROM (
         SELECT version, count(*)::int AS schools FROM fleet GROUP BY version) c) AS versions,
       (SELECT coalesce(jsonb_agg(to_jsonb(x) ORDER BY x.schema_name), '[]') FROM (
         SELECT f.schema_name, f.subdomain, f.name, f.version, r.error, r.attempts, r.run_id, r.at FROM fleet f JOIN ${FAILURE}
         WHERE f.version IS DISTINCT FROM :head AND NOT f.archived ORDER BY f.schema_name LIMIT 500) x) AS failed,
       (SELECT to_jsonb(l) FROM (${RUN} ORDER BY u.id DESC LIMIT 1) l) AS last_run
     FROM fleet`,
    { head } as never,
  );
  const [row] = rows;
  const failed = row.failed.map((failure: { at: string }) => ({
    ...failure,
    at: new Date(failure.at).toISOString(),
  }));
  return { ...row, failed, last_run: row.last_run && runRow(row.last_run) };
}

/** The schema of a school by whatever names it. Throws `tenant_not_found`. */
export async function schemaOf(trx: CentralTrx, school: string): Promise<string> {
  const { rows: ready } = await trx.raw(
    'SELECT schema_name FROM public.ready_schemas WHERE schema_name = ?',
    [school],
  );
  if (ready[0]) return ready[0].schema_name;
  const { rows } = await trx.raw('SELECT schema_name FROM public.tenants WHERE id = ?', [
    await findTenantId(trx, school),
  ]);
  return rows[0].schema_name;
}

/** Schemas of schools that are on their way back in, and those whose place they take. */
export async function schemasOfRestores(trx: CentralTrx): Promise<string[]> {
  const { rows } = await trx.raw(
    `SELECT schema_name AS name FROM public.bundle_restores
     UNION SELECT replaces FROM public.bundle_restores WHERE replaces IS NOT NULL`,
  );
  return rows.map(({ name }: { name: string }) => name);
}
