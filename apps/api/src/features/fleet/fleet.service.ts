import {
  endRun,
  insertRun,
  type FleetReport,
  type FleetRunEnd,
  type FleetRunOptions,
  type Migrator,
  type SchemaReport,
  type Tenancy,
} from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { QUEUE_VERSION } from '../../database/queue.ts';
import { AppError } from '../../platform/app-error.ts';
import { isMissingTable } from '../../platform/database-errors.ts';
import { auditCentral, SYSTEM, type Origin } from '../audit/index.ts';
import { fleetPlan, getRun, undoable, type FleetPlan, type FleetSchool } from './fleet.read-model.ts';
import { pruneRuns, recordShared } from './fleet.repository.ts';

/** What became of one school. */
export interface SchoolReport extends FleetReport {
  subdomain: string | null;
  name: string | null;
}

export interface FleetRun {
  /** Null when there was nothing to do: no run is kept of that. */
  id: string | null;
  status: FleetRunEnd['status'];
  /** Why it was halted. */
  reason: string | null;
  /** What the shared tables needed; null when nothing. */
  shared: SchemaReport | null;
  reports: SchoolReport[];
}

type Tuning = Pick<
  FleetRunOptions,
  'parallel' | 'lockTimeout' | 'attempts' | 'pause' | 'canary' | 'signal' | 'onWave'
>;

export interface MigrateOptions extends Tuning {
  /** Only this school's. */
  schema?: string | undefined;
  /** Only schools that failed at the version they are at. */
  onlyFailed?: boolean | undefined;
  /** The shared tables and no school: what a server does at its start where schools are migrated by hand. */
  sharedOnly?: boolean | undefined;
  origin?: Origin;
  /** Once the run is on record and before its first school. */
  onStart?: (run: { id: string; total: number }) => void;
  onReport?: (report: SchoolReport) => void;
}

interface Kernel {
  tenancy: Tenancy;
  migrator: Migrator;
}

/** One query; null for a database that is older than what the query looks at. */
async function look(
  { tenancy, migrator }: Kernel,
  filter?: Parameters<typeof fleetPlan>[2],
): Promise<FleetPlan | null> {
  try {
    return await tenancy.central(({ trx }) => fleetPlan(trx, migrator.heads.tenant, filter), {
      readOnly: true,
    });
  } catch (error) {
    // Not even the list of versions is there, or a table that came with a migration.
    if (isMissingTable(error)) return null;
    throw error;
  }
}

const sharedIsCurrent = ({ migrator }: Kernel, plan: FleetPlan): boolean =>
  plan.shared === migrator.heads.public && plan.queue !== null && plan.queue >= QUEUE_VERSION;

/** What would be migrated: the shared tables first, then schools. */
export async function planMigration(
  kernel: Kernel,
  options: Pick<MigrateOptions, 'schema' | 'onlyFailed'> = {},
): Promise<FleetSchool[]> {
  const { schema: schemaName = null, onlyFailed = false } = options;
  const plan = await look(kernel, { schemaName, onlyFailed });
  const shared: FleetSchool = {
    schemaName: 'public',
    subdomain: null,
    name: null,
    version: plan?.shared ?? null,
  };
  if (plan) return sharedIsCurrent(kernel, plan) ? plan.behind : [shared, ...plan.behind];
  // Older than the tables that say whose a schema is: what the versions tell has to do.
  const behind = await kernel.migrator.behind().catch((error: unknown) => {
    if (isMissingTable(error)) return [{ schemaName: 'public', version: null }];
    throw error;
  });
  return behind
    .filter(({ schemaName: name }) => schemaName === null || name === 'public' || name === schemaName)
    .map((row) => ({ ...shared, ...row }))
    .toSorted((a, b) => Number(b.schemaName === 'public') - Number(a.schemaName === 'public'));
}

/** Gives the reports of the kernel the names of the schools. */
function namer(schools: readonly Pick<FleetSchool, 'schemaName' | 'subdomain' | 'name'>[]) {
  const known = new Map(schools.map((school) => [school.schemaName, school]));
  return {
    know: (more: typeof schools) => {
      for (const school of more) known.set(school.schemaName, school);
    },
    name: (report: FleetReport): SchoolReport => {
      const { subdomain = null, name = null } = known.get(report.schemaName) ?? {};
      return { ...report, subdomain, name };
    },
  };
}

const tuning = (options: Tuning): Tuning => {
  const { parallel, lockTimeout, attempts, pause, canary, signal, onWave } = options;
  return Object.fromEntries(
    Object.entries({ parallel, lockTimeout, attempts, pause, canary, signal, onWave }).filter(
      ([, value]) => value !== undefined,
    ),
  );
};

const count = (reports: readonly FleetReport[], outcome: FleetReport['outcome']): number =>
  reports.filter((report) => report.outcome === outcome).length;

/** Enters a run, does its work, and writes how it ended, each end with its audit row. */
async function recorded(
  { tenancy, migrator }: Kernel,
  options: Pick<MigrateOptions, 'origin' | 'onStart'>,
  run: Omit<Parameters<typeof insertRun>[1], 'id' | 'target'>,
  shared: SchemaReport | null,
  work: (id: string) => Promise<FleetRunEnd>,
): Promise<FleetRunEnd & { id: string }> {
  const { origin = SYSTEM, onStart } = options;
  const id = uuidv7();
  const target = run.kind === 'migrate' ? migrator.heads.tenant : null;
  await migrator.markInterrupted();
  await tenancy.central(async ({ trx }) => {
    await insertRun(trx, { ...run, id, target });
    if (shared) await recordShared(trx, id, shared);
    await pruneRuns(trx);
    await auditCentral(trx, origin, null, {
      action: `fleet.${run.kind}`,
      target: { type: 'fleet_run', id },
      after: { target, schools: run.total, undoes: run.undoes, ...run.options },
    });
  });
  onStart?.({ id, total: run.total });
  const end = await work(id);
  await tenancy.central(async ({ trx }) => {
    await endRun(trx, id, end.status);
    await auditCentral(trx, origin, null, {
      action: `fleet.${run.kind}_ended`,
      target: { type: 'fleet_run', id },
      after: {
        status: end.status,
        migrated: count(end.reports, 'migrated'),
        failed: count(end.reports, 'failed'),
        skipped: count(end.reports, 'skipped'),
        ...(end.reason ? { reason: end.reason } : {}),
      },
    });
  });
  return { ...end, id };
}

/**
 * Brings the shared tables up to date, then every school that is behind, or one. Archived schools are left as they are: a
 * restore brings them up to date. When nothing is to be done that is one query.
 */
export async function runMigration(kernel: Kernel, options: MigrateOptions = {}): Promise<FleetRun> {
  const { migrator, tenancy } = kernel;
  const { schema: schemaName = null, onlyFailed = false, onReport } = options;
  const filter = { schemaName, onlyFailed };
  const nothing: FleetRun = { id: null, status: 'done', reason: null, shared: null, reports: [] };

  let plan = await look(kernel, filter);
  let shared: SchemaReport | null = null;
  if (!plan || !sharedIsCurrent(kernel, plan)) {
    const report = await migrator.migratePublic();
    if (report.error) return { ...nothing, status: 'failed', shared: report };
    shared = report.applied.length > 0 ? report : null;
    plan = await look(kernel, filter);
    if (!plan) throw new Error('The shared tables are up to date and yet lack something');
  }
  if (options.sharedOnly) plan.behind = [];
  if (!shared && plan.behind.length === 0) return nothing;

  const { know, name } = namer(plan.behind);
  const whole = schemaName === null && !onlyFailed && !options.sharedOnly;
  const asked = {
    ...(schemaName === null ? {} : { schema: schemaName }),
    ...(onlyFailed ? { retry_failed: true } : {}),
    ...(options.canary === undefined ? {} : { canary: options.canary }),
  };
  const end = await recorded(
    kernel,
    options,
    { kind: 'migrate', undoes: null, options: asked, total: plan.behind.length },
    shared,
    (runId) =>
      migrator.runFleet({
        ...tuning(options),
        runId,
        schools: plan.behind,
        onReport: (report) => onReport?.(name(report)),
        ...(options.canary === undefined ? {} : { verify: (names) => verify(migrator, names) }),
        ...(whole
          ? {
              latecomers: () =>
                tenancy.central(async ({ trx }) => {
                  await migrator.awaitBuilders(trx);
                  const { behind } = await fleetPlan(trx, migrator.heads.tenant);
                  know(behind);
                  return behind;
                }),
            }
          : {}),
      }),
  );
  return { ...end, shared, reports: end.reports.map(name) };
}

/** Whether the schools of a wave are what the ladder makes, by the catalogue; the reason if not. */
async function verify(migrator: Migrator, names: readonly string[]): Promise<string | null> {
  const version = migrator.heads.tenant;
  const drifts = await migrator.findDrift(names.map((schemaName) => ({ schemaName, version })));
  const [first] = drifts;
  if (!first) return null;
  const [difference] = first.differences;
  const what = difference ? ` (${difference.kind} ${difference.object})` : '';
  return `${drifts.length} of ${names.length} schools of the wave are not what the migrations make, ${first.schemaName} first${what}`;
}

/**
 * Undoes what a run did to schools, only where it did it and nothing came after. The shared tables stay: older code has to
 * live with them anyway while it is being replaced. Throws `not_found` for a run that is none.
 */
export async function undoRun(
  kernel: Kernel,
  runId: string,
  options: MigrateOptions = {},
): Promise<FleetRun> {
  const { migrator, tenancy } = kernel;
  const targets = await tenancy.central(
    async ({ trx }) => {
      const { run } = await getRun(trx, runId);
      if (run.kind !== 'migrate') throw new AppError('not_found');
      return undoable(trx, runId, options.schema);
    },
    { readOnly: true },
  );
  const moved = targets.filter(({ now, to, from }) => now !== to && now !== from);
  const todo = targets.filter(({ now, to, from }) => now === to && to !== from);
  const { name } = namer(targets);
  const refused = moved.map((school): SchoolReport => {
    const report = name({
      schemaName: school.schemaName,
      outcome: 'failed',
      from: school.now,
      to: school.now,
      applied: [],
      attempts: 0,
      ms: 0,
      error: `Is at ${school.now ?? 'the beginning'} and not at ${school.to ?? 'the beginning'}: a later run has to be undone first`,
    });
    options.onReport?.(report);
    return report;
  });
  if (todo.length === 0)
    return {
      id: null,
      status: refused.length > 0 ? 'failed' : 'done',
      reason: null,
      shared: null,
      reports: refused,
    };
  const schools = todo.map(({ schemaName, now, from }) => ({ schemaName, version: now, to: from }));
  const end = await recorded(
    kernel,
    options,
    { kind: 'rollback', undoes: runId, options: {}, total: schools.length },
    null,
    (id) =>
      migrator.runFleetBack({
        ...tuning(options),
        runId: id,
        schools,
        onReport: (report) => options.onReport?.(name(report)),
      }),
  );
  const status = end.status === 'done' && refused.length > 0 ? 'failed' : end.status;
  return { ...end, status, shared: null, reports: [...refused, ...end.reports.map(name)] };
}

/** As {@link runMigration}, for whoever starts the product: the reports alone, the shared tables' first. */
export async function migrateFleet(kernel: Kernel, options: MigrateOptions = {}): Promise<SchemaReport[]> {
  const { shared, reports } = await runMigration(kernel, options);
  return shared ? [shared, ...reports] : reports;
}
