import { type CollectFunction, Counter, Gauge } from 'prom-client';
import type { Services } from '../../services.ts';
import { readFigures, type InstallationFigures } from './gauges.read-model.ts';

/** Milliseconds for which the figures of the installation are not read again: several scrapers cost one query. */
const FRESH_FOR = 5_000;

type Sources = Pick<Services, 'tenancy' | 'migrator' | 'metrics'>;

/** Makes the metrics tell what is so at the moment of the question: of the pool of this process, and of the installation. */
export function registerGauges({ tenancy, migrator, metrics: { registry } }: Sources): void {
  const gauge = <L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    collect?: CollectFunction<Gauge<L>>,
  ) => new Gauge({ name, help, labelNames, registers: [registry], ...(collect ? { collect } : {}) });

  gauge('preau_db_pool_connections', 'Connections of this process to PostgreSQL', ['state'], function () {
    const { used, free, max } = tenancy.pool.stats();
    for (const [state, value] of Object.entries({ used, free, max })) this.set({ state }, value);
  });
  gauge('preau_db_pool_waiting', 'Requests and jobs that wait for a connection', [], function () {
    this.set(tenancy.pool.stats().waiting);
  });
  registry.registerMetric(
    new Counter({
      name: 'preau_db_pool_opened_total',
      help: 'Connections opened since the start',
      registers: [],
      collect() {
        this.reset();
        this.inc(tenancy.pool.stats().created);
      },
    }),
  );

  let read: { at: number; figures: Promise<InstallationFigures> } | undefined;
  const figures = (): Promise<InstallationFigures> => {
    if (!read || performance.now() - read.at > FRESH_FOR)
      read = {
        at: performance.now(),
        figures: tenancy.central(({ trx }) => readFigures(trx, migrator.tenantVersion ?? ''), {
          readOnly: true,
        }),
      };
    return read.figures;
  };
  /** Each waits for the same question. Without a database nothing is known, which is not the same as none. */
  const ofInstallation = <L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    set: (into: Gauge<L>, now: InstallationFigures) => void,
  ) =>
    gauge(name, help, labelNames, async function () {
      this.reset();
      const now = await figures().catch(() => null);
      if (now !== null) set(this, now);
      // One without labels starts again at 0.
      else if (labelNames.length === 0) this.remove();
    });

  gauge('preau_database_up', 'Whether the database answered this question', [], async function () {
    this.set(
      await figures().then(
        () => 1,
        () => 0,
      ),
    );
  });
  ofInstallation('preau_schools', 'Schools of the installation', ['status'], (into, { schools }) => {
    for (const { status, held } of schools) into.set({ status }, held);
  });
  ofInstallation('preau_jobs_open', 'Jobs that wait or run', ['kind', 'status'], (into, { openJobs }) => {
    for (const { kind, status, held } of openJobs) into.set({ kind, status }, held);
  });
  ofInstallation('preau_jobs_longest_wait_seconds', 'How long a job is over its time', [], (into, now) =>
    into.set(now.longestWait),
  );
  ofInstallation(
    'preau_schools_behind',
    'Schools whose tables are not at the version of this code',
    [],
    (into, now) => into.set(now.behind),
  );
  ofInstallation('preau_ready_schemas', 'Schemas built ahead', [], (into, now) => into.set(now.readySchemas));
}
