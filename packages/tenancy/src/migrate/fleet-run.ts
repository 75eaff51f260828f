import type { Knex } from 'knex';
import { climb, climbTogether, messageOf, SchemaMoved } from './climb.ts';
import type { Course } from './course.ts';
import { recordFailure, touchRun, whereabouts } from './run-record.ts';
import { backOff, isTransient } from './transient.ts';
import { wavesOf } from './waves.ts';
import { workThrough, type Done } from './work-through.ts';

/** A schema and where it was found. */
export interface SchemaAt {
  schemaName: string;
  version: string | null;
}

/**
 * `migrated`: by this run. `already`: another migrator was faster, or there was nothing to do. `gone`: dropped meanwhile.
 * `skipped`: not begun, since the run was halted or stopped.
 */
export type Outcome = 'migrated' | 'already' | 'gone' | 'failed' | 'skipped';

export interface FleetReport {
  schemaName: string;
  outcome: Outcome;
  from: string | null;
  to: string | null;
  applied: string[];
  attempts: number;
  /** Milliseconds, without those between attempts. */
  ms: number;
  error?: string;
}

export interface FleetRunOptions {
  /** Its row is there already; null for a run that leaves none, which is slower. */
  runId: string | null;
  schools: readonly SchemaAt[];
  /** Asked at the end, until it answers nothing new: schools that came meanwhile. */
  latecomers?: () => Promise<readonly SchemaAt[]>;
  /** Schools at a time; 2 unless told: the catalogue and the write-ahead log are shared, more is hardly faster. */
  parallel?: number;
  /** Milliseconds that one attempt waits for a lock; 2,000 unless told. */
  lockTimeout?: number;
  /** Attempts a school where locks or connections fail; 6 unless told. */
  attempts?: number;
  /** Milliseconds before the second attempt, doubled for each further one; 200 unless told. */
  pause?: number;
  /** Schools in the first wave, each further one being four times as large; a wave with a failure is the last. No waves unless told. */
  canary?: number | undefined;
  /** Looks at a wave that went well; what it answers halts the run. */
  verify?: ((schemaNames: readonly string[]) => Promise<string | null>) | undefined;
  /** Aborted: what is under way is finished, and nothing new begun. */
  signal?: AbortSignal | undefined;
  onReport?: ((report: FleetReport) => void) | undefined;
  onWave?: ((wave: { number: number; schools: number; of: number }) => void) | undefined;
}

export interface FleetRunEnd {
  status: 'done' | 'failed' | 'halted' | 'stopped';
  /** Why it was halted. */
  reason: string | null;
  reports: FleetReport[];
}

const BEAT = 5_000;
/** Schools a message, at most: one that waits for a lock keeps those behind it waiting. */
const TOGETHER = 16;

/** Takes schools along their courses: in parallel, in waves where asked, again where locks are held, and past failures. */
export async function runFleet(
  knex: Knex,
  courseOf: (school: SchemaAt) => Promise<Course | null>,
  options: FleetRunOptions,
): Promise<FleetRunEnd> {
  const { runId, parallel = 2, lockTimeout = 2_000, attempts = 6, pause = 200, signal, onReport } = options;
  const reports: FleetReport[] = [];
  const seen = new Set<string>();
  const history = new Map<string, { attempt: number; ms: number }>();
  let total = 0;

  const stopped = () => signal?.aborted === true;
  const tell = (report: FleetReport): null => {
    reports.push(report);
    onReport?.(report);
    return null;
  };

  async function attempt(school: SchemaAt): Promise<Done> {
    const { schemaName } = school;
    const past = history.get(schemaName) ?? { attempt: 0, ms: 0 };
    past.attempt += 1;
    history.set(schemaName, past);
    let course: Course | null = null;
    const began = performance.now();
    const report = (outcome: Outcome, more: Partial<FleetReport> = {}): null =>
      tell({
        schemaName,
        outcome,
        from: school.version,
        to: school.version,
        applied: [],
        attempts: past.attempt,
        ms: Math.round(past.ms * 10) / 10,
        ...more,
      });
    const migrated = (way: Course) => report('migrated', { from: way.from, to: way.to, applied: way.names });
    try {
      course = await courseOf(school);
      if (!course) return report('already');
      await climb(knex, { schemaName, course, runId, attempt: past.attempt, lockTimeout });
      past.ms += performance.now() - began;
      return migrated(course);
    } catch (error) {
      past.ms += performance.now() - began;
      try {
        if (error instanceof SchemaMoved) {
          const now = await whereabouts(knex, runId, schemaName);
          if (!now) return report('gone');
          if (now.byThisRun && course) return migrated(course);
          school.version = now.version;
          if (past.attempt < attempts) return { again: 0 };
        } else if (isTransient(error) && past.attempt < attempts) {
          return { again: backOff(pause, past.attempt) };
        }
        const reason = error instanceof Error ? error.message : String(error);
        const failure = { schemaName, from: school.version, to: course?.to ?? null, attempts: past.attempt };
        if (runId) await recordFailure(knex, runId, { ...failure, error: reason });
        return report('failed', { error: reason });
      } catch (second) {
        // Not even the failure could be written: the database is away. It is told, and the school is where it was.
        return report('failed', { error: second instanceof Error ? second.message : String(second) });
      }
    }
  }

  /** A first attempt for several, in one message. Those that have not arrived go alone, which says of each why. */
  async function attemptTogether(schools: readonly SchemaAt[], alone: SchemaAt[]): Promise<null> {
    const began = performance.now();
    const together: { school: SchemaAt; schemaName: string; course: Course; message: string }[] = [];
    for (const school of schools) {
      const { schemaName } = school;
      const course = await courseOf(school).catch(() => null);
      const message = course && messageOf({ schemaName, course, runId, attempt: 1, lockTimeout });
      if (message) together.push({ school, schemaName, course, message });
      else alone.push(school);
    }
    if (together.length === 0) return null;
    const each = () => (performance.now() - began) / together.length;
    const migrated = (
      { schemaName, course: { from, to, names: applied } }: (typeof together)[number],
      ms: number,
    ) =>
      tell({ schemaName, outcome: 'migrated', from, to, applied, attempts: 1, ms: Math.round(ms * 10) / 10 });
    try {
      await climbTogether(knex, together);
      const ms = each();
      for (const one of together) migrated(one, ms);
    } catch {
      const ms = each();
      let isFirst = true;
      for (const one of together) {
        const { school, schemaName } = one;
        const now = await whereabouts(knex, runId, schemaName).catch(() => null);
        if (now?.byThisRun === true) {
          migrated(one, ms);
          continue;
        }
        // The message ended with this one; those behind it were not tried.
        if (isFirst) history.set(schemaName, { attempt: Math.min(1, attempts - 1), ms });
        isFirst = false;
        alone.push(school);
      }
    }
    return null;
  }

  /** @returns schools that were not begun, or not finished. */
  async function workThroughWave(wave: readonly SchemaAt[]): Promise<SchemaAt[]> {
    const pace = { parallel, stop: stopped, signal };
    const size = Math.min(TOGETHER, Math.ceil(wave.length / (8 * parallel)));
    const alone: SchemaAt[] = [];
    const groups = Array.from({ length: Math.ceil(wave.length / size) }, (_, at) =>
      wave.slice(at * size, (at + 1) * size),
    );
    const left = await workThrough(groups, (group) => attemptTogether(group, alone), pace);
    return [...left.flat(), ...(await workThrough(alone, attempt, pace))];
  }

  const beat = runId
    ? setInterval(() => void touchRun(knex, runId, total).catch(() => {}), BEAT).unref()
    : undefined;
  const failed = () => reports.some(({ outcome }) => outcome === 'failed');
  let reason: string | null = null;
  const left: SchemaAt[] = [];
  try {
    let batch = options.schools.filter(({ schemaName }) => !seen.has(schemaName));
    for (let round = 0; batch.length > 0 && reason === null && !stopped(); round += 1) {
      total += batch.length;
      for (const { schemaName } of batch) seen.add(schemaName);
      // Those that came during the run follow a fleet that went well: one wave.
      const waves = round === 0 ? wavesOf(batch, options.canary) : [batch];
      for (const [at, wave] of waves.entries()) {
        if (reason !== null || stopped()) {
          left.push(...wave);
          continue;
        }
        if (waves.length > 1) options.onWave?.({ number: at + 1, schools: wave.length, of: waves.length });
        const own = wave.map((school) => ({ ...school }));
        left.push(...(await workThroughWave(own)));
        if (options.canary === undefined || stopped()) continue;
        const last = waves.length === at + 1;
        if (failed() && !last) reason = `Wave ${at + 1} has failures`;
        else if (!failed() && options.verify) {
          const names = wave.map(({ schemaName }) => schemaName);
          reason = await options.verify(names);
        }
      }
      batch =
        reason === null && !stopped() && options.latecomers
          ? (await options.latecomers()).filter(({ schemaName }) => !seen.has(schemaName))
          : [];
    }
  } finally {
    clearInterval(beat);
  }
  for (const { schemaName, version } of left)
    tell({ schemaName, outcome: 'skipped', from: version, to: version, applied: [], attempts: 0, ms: 0 });
  const status =
    stopped() && left.length > 0 ? 'stopped' : reason !== null ? 'halted' : failed() ? 'failed' : 'done';
  return { status, reason, reports };
}
