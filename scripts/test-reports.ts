import fs from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ROOT } from './stage.ts';

/** What a run of tests came to. */
export interface Outcome {
  passed: number;
  failed: number;
  /** A line for each test that failed: where it is, its name, and how its error begins. */
  failures: string[];
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  testResults: {
    name: string;
    status: string;
    /** Of a file that does not load. */
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
  }[];
}

interface PlaywrightSuite {
  specs?: {
    file: string;
    line: number;
    title: string;
    ok: boolean;
    tests: { results: { errors?: { message?: string }[] }[] }[];
  }[];
  suites?: PlaywrightSuite[];
}
interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number };
  suites: PlaywrightSuite[];
}

function readReport(file: string): unknown {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function lineFor(where: string, name: string, error = ''): string {
  const [first = ''] = stripVTControlCharacters(error).trim().split('\n');
  return `${where} › ${name}${first && `: ${first}`}`;
}

/** A runner that failed without a failed test (a file that does not load, a crash) counts as one failure. */
function atLeastOne(outcome: Outcome, ok: boolean): Outcome {
  return { ...outcome, failed: ok ? outcome.failed : Math.max(1, outcome.failed) };
}

const NO_REPORT: Outcome = { passed: 0, failed: 1, failures: ['It ended without a report'] };

/** Of a Vitest JSON report; `ok` is how the process ended. */
export function readVitest(file: string, ok: boolean): Outcome {
  const report = readReport(file) as VitestReport | undefined;
  if (!report) return NO_REPORT;
  const failures = report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const where = path.relative(ROOT, name);
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0 && status === 'failed') return [lineFor(where, 'the file', message)];
    return failed.map(({ fullName, failureMessages }) => lineFor(where, fullName, failureMessages[0]));
  });
  return atLeastOne({ passed: report.numPassedTests, failed: report.numFailedTests, failures }, ok);
}

function failuresOf({ specs = [], suites = [] }: PlaywrightSuite): string[] {
  const own = specs
    .filter((spec) => !spec.ok || spec.tests.some(({ results }) => results.length > 1))
    .map(({ file, line, title, tests }) => {
      const errors = tests.flatMap(({ results }) => results.flatMap(({ errors: found = [] }) => found));
      return lineFor(`${file}:${line}`, title, errors[0]?.message);
    });
  return [...own, ...suites.flatMap(failuresOf)];
}

/** Of a Playwright JSON report. A test that passed only when repeated has failed. */
export function readPlaywright(file: string, ok: boolean): Outcome {
  const report = readReport(file) as PlaywrightReport | undefined;
  if (!report) return NO_REPORT;
  const { expected, unexpected, flaky } = report.stats;
  const failures = report.suites.flatMap(failuresOf);
  return atLeastOne({ passed: expected, failed: unexpected + flaky, failures }, ok);
}
