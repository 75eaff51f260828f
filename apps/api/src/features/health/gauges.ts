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
    const { used, free, waiting, max, created } = tenancy.pool.stats();
    for (const [state, value] of Object.entries({ used, free, max })) this.set({ state }, value);
    waiters.set(waiting);
    opened.reset();
    opened.inc(created);
  });
  const waiters = gauge('preau_db_pool_waiting', 'Requests and jobs that wait for a connection', []);
  const opened = new Counter({
    name: 'preau_db_pool_opened_total',
    help: 'Connections opened since the start',
    registers: [registry],
  });

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
  const up = gauge('preau_database_up', 'Whether the database answered this question', []);

  // All are set by one question; the others hold what it set, as they are asked in the order of their making.
  gauge('preau_schools', 'Schools of the installation', ['status'], async function () {
    for (const part of [this, openJobs]) part.reset();
    const now = await figures().catch(() => null);
    up.set(now === null ? 0 : 1);
    // Without a database nothing is known, which is not the same as none.
    for (const part of [longestWait, behind, readySchemas]) if (now === null) part.remove();
    if (now === null) return;
    for (const { status, held } of now.schools) this.set({ status }, held);
    for (const { kind, status, held } of now.openJobs) openJobs.set({ kind, status }, held);
    longestWait.set(now.longestWait);
    behind.set(now.behind);
    readySchemas.set(now.readySchemas);
  });
  const openJobs = gauge('preau_jobs_open', 'Jobs that wait or run', ['kind', 'status']);
  const longestWait = gauge('preau_jobs_longest_wait_seconds', 'How long a job is over its time', []);
  const behind = gauge(
    'preau_schools_behind',
    'Schools whose tables are not at the version of this code',
    [],
  );
  const readySchemas = gauge('preau_ready_schemas', 'Schemas built ahead', []);
}
