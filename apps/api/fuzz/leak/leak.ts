import { isDatabaseUnavailable } from '../../src/platform/database-errors.ts';
import { TenantBusyError } from '@preau/tenancy';
import { createEndings } from '../../bench/endings.ts';
import type { Database } from '../../src/database/database.ts';
import { Ledger } from './ledger.ts';
import { plan } from './plan.ts';
import { STEPS } from './steps.ts';
import { createWorld, type World } from './world.ts';

export interface LeakOptions {
  /** An empty prepared database, as the application's role and as the superuser. */
  url: string;
  adminUrl: string;
  count: number;
  seed: number;
  mutate?: (database: Database) => Database;
  /** Ends at the first leak: enough to know that a defect is caught. */
  stopAtLeak?: boolean;
  progress?: (done: number) => void;
}

export interface LeakResult {
  ledger: Ledger;
  done: number;
  seconds: number;
}

const SCHOOLS = 12;
/** More callers than connections, more connections than the pooler lends. */
const CALLERS = 24;
const POOL = 8;
const POOLER = 3;

/** Milliseconds after which a step is not slow but lost: whoever waits for a connection is told so long before. */
const PATIENCE = 30_000;

async function within(promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Nothing was answered, not even a failure')), PATIENCE);
  });
  await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Whether a fault that was made on purpose explains a failure. */
const explained = (error: unknown): boolean =>
  isDatabaseUnavailable(error) ||
  error instanceof TenantBusyError ||
  /Rolled back: a statement/.test(String(error));

async function work(world: World, ledger: Ledger, options: LeakOptions): Promise<number> {
  const steps = plan(options.seed, options.count, SCHOOLS);
  let done = 0;
  const caller = async (): Promise<void> => {
    for (let next = steps.next(); !next.done; next = steps.next()) {
      const step = next.value;
      const school = world.schools[step.school];
      const other = world.schools[step.other];
      if (!school || !other) throw new Error('No such school');
      if (options.stopAtLeak && ledger.leaks.length > 0) return;
      try {
        await within(STEPS[step.kind]({ world, ledger, step, school, other, tenant: school.ref }));
        ledger.count('succeeded');
      } catch (error) {
        if (explained(error)) ledger.count('failed by a fault');
        else ledger.surprise(`${step.kind}: ${error instanceof Error ? error.stack : String(error)}`);
      }
      done += 1;
      if (done % 10_000 === 0) options.progress?.(done);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return done;
}

/** Everything that lies in the schools in the end, read by one who sees them all. */
async function sweep(world: World, ledger: Ledger): Promise<void> {
  for (const { ref } of world.schools) {
    const { rows } = await world.admin.query(
      `SELECT id::text, mark::text, role, setting FROM ${ref.schemaName}.fuzz_pupils
       UNION ALL SELECT id::text, mark::text, role, setting FROM ${ref.schemaName}.fuzz_groups`,
    );
    ledger.see('sweep', ref, rows);
    ledger.settle(ref, new Set(rows.map(({ id }) => id as string)));
    const news = await world.admin.query(`SELECT title AS mark FROM ${ref.schemaName}.announcements`);
    ledger.see('sweep of announcements', ref, news.rows);
  }
}

/**
 * Works for many schools at once over a pooler with few connections, with errors, time-outs, killed backends and cut lines,
 * and looks at the watermark of every row that anybody gets to see. The same seed gives the same steps; in what order they
 * meet is up to the machine.
 */
export async function fuzzLeaks(options: LeakOptions): Promise<LeakResult> {
  const endings = createEndings();
  const ledger = new Ledger();
  try {
    const world = await createWorld({
      ...options,
      schools: SCHOOLS,
      poolMax: POOL,
      poolerSize: POOLER,
      endings,
      mutate: options.mutate,
    });
    const began = performance.now();
    const done = await work(world, ledger, options);
    const seconds = (performance.now() - began) / 1000;
    await sweep(world, ledger);
    return { ledger, done, seconds };
  } finally {
    await endings.run();
  }
}
