import lighthouse, { type Result } from 'lighthouse';

export const CATEGORIES = ['performance', 'accessibility', 'best-practices'] as const;
export type Category = (typeof CATEGORIES)[number];

export interface Judged {
  /** 0 to 100. */
  scores: Record<Category, number>;
  /** Largest contentful paint, in milliseconds. */
  largest: number;
  shift: number;
  /** Lighthouse's `benchmarkIndex`: how fast this machine's processor was just then. */
  power: number;
  /** What cost points, as Lighthouse names it. */
  lost: string[];
}

// Of a busy machine the recording sometimes lacks its beginning, and Lighthouse asks to be run again.
const TRIES = 4;

/** By what Lighthouse slows a processor down unless told; meant for one of the fastest desktops. */
export const SLOWDOWN = 4;

/**
 * By what a processor of some power is to be slowed down to be a middling phone's, after Lighthouse's own table.
 * @see https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md#calibrating-the-cpu-slowdown
 */
export function slowdownFor(power: number): number {
  if (power >= 1_500) return SLOWDOWN;
  return power >= 800 ? 2 : 1;
}

async function report(port: number, url: string, cpuSlowdownMultiplier: number): Promise<Result> {
  for (let tried = 1; ; tried += 1) {
    const run = await lighthouse(url, {
      port,
      output: 'json',
      logLevel: 'error',
      onlyCategories: [...CATEGORIES],
      throttling: { cpuSlowdownMultiplier },
    });
    const failure = run?.lhr.runtimeError;
    if (run && !failure) {
      const { finalDisplayedUrl: shown } = run.lhr;
      if (shown !== url) throw new Error(`${url} led to ${shown}`);
      return run.lhr;
    }
    if (failure?.code !== 'NO_NAVSTART' || tried === TRIES)
      throw new Error(`${url}: ${failure?.message ?? 'no report'}`);
  }
}

/** Lighthouse as it comes, but for the slowdown when that is told: a middling phone on slow 4G. */
export async function judge(port: number, url: string, slowdown = SLOWDOWN): Promise<Judged> {
  const { categories, audits, environment } = await report(port, url, slowdown);
  const score = (name: Category): number => Math.round((categories[name]?.score ?? 0) * 100);
  const lost = CATEGORIES.flatMap((name) =>
    (categories[name]?.auditRefs ?? []).flatMap(({ id, weight }) => {
      const value = audits[id]?.score;
      return weight > 0 && typeof value === 'number' && value < 0.9 ? [`${id} ${value}`] : [];
    }),
  );
  return {
    scores: {
      performance: score('performance'),
      accessibility: score('accessibility'),
      'best-practices': score('best-practices'),
    },
    largest: audits['largest-contentful-paint']?.numericValue ?? 0,
    shift: audits['cumulative-layout-shift']?.numericValue ?? 0,
    power: environment.benchmarkIndex,
    lost,
  };
}
