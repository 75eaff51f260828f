import fs from 'node:fs';

export interface Counts {
  passed: number;
  failed: number;
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number };
}

function readReport(file: string): unknown {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** A runner that failed without a failed test (a file that does not load, a crash) counts as one failure. */
function atLeastOne(counts: Counts, ok: boolean): Counts {
  return { ...counts, failed: ok ? counts.failed : Math.max(1, counts.failed) };
}

/** Counts of a Vitest JSON report; `ok` is how the process ended. */
export function countVitest(file: string, ok: boolean): Counts {
  const report = readReport(file) as VitestReport | undefined;
  if (!report) return { passed: 0, failed: 1 };
  return atLeastOne({ passed: report.numPassedTests, failed: report.numFailedTests }, ok);
}

/** Counts of a Playwright JSON report. A test that passed only when repeated has failed. */
export function countPlaywright(file: string, ok: boolean): Counts {
  const report = readReport(file) as PlaywrightReport | undefined;
  if (!report) return { passed: 0, failed: 1 };
  const { expected, unexpected, flaky } = report.stats;
  return atLeastOne({ passed: expected, failed: unexpected + flaky }, ok);
}
