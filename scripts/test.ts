import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { formatSeconds, ROOT, runStage, script, type StageResult, tool } from './stage.ts';
import { type Outcome, readPlaywright, readVitest } from './test-reports.ts';
import { ensureWebBuild } from './web-build.ts';

const cache = path.join(ROOT, '.cache');
fs.mkdirSync(cache, { recursive: true });
// Tests start the product some two hundred times: a second less each.
process.env.NODE_COMPILE_CACHE ??= path.join(cache, 'compiled');

const table: { name: string; result: StageResult; outcome: Outcome }[] = [];

/** A stage without tests of its own counts only when it fails. */
function asStage({ ok }: StageResult): Outcome {
  return { passed: 0, failed: ok ? 0 : 1, failures: [] };
}

async function stage(
  name: string,
  run: () => Promise<StageResult>,
  read: (result: StageResult) => Outcome = asStage,
): Promise<boolean> {
  process.stdout.write(`\n━━ ${name}\n`);
  const result = await run();
  table.push({ name, result, outcome: read(result) });
  return result.ok;
}

function freshReport(name: string): string {
  const file = path.join(cache, name);
  // One left by an earlier run must not be counted when this one dies before writing.
  fs.rmSync(file, { force: true });
  return file;
}

async function build(): Promise<StageResult> {
  const began = performance.now();
  const ok = await ensureWebBuild();
  return { ok, seconds: (performance.now() - began) / 1000, output: '' };
}

function finish(): never {
  process.stdout.write('\n');
  for (const { name, result, outcome } of table) {
    const { passed, failed } = outcome;
    const figures = passed + failed > 0 ? `  ${passed} passed, ${failed} failed` : '';
    process.stdout.write(`${result.ok ? '✓' : '✗'} ${formatSeconds(result.seconds)}  ${name}${figures}\n`);
  }
  // Thousands of lines may be between a failure and this end.
  for (const { name, outcome } of table)
    for (const failure of outcome.failures) process.stdout.write(`\n✗ ${name}: ${failure}`);
  const sum = (of: 'passed' | 'failed'): number =>
    table.reduce((total, { outcome }) => total + outcome[of], 0);
  process.stdout.write(`\n${sum('passed')} passed, ${sum('failed')} failed\n`);
  process.exit(table.every(({ result }) => result.ok) && sum('failed') === 0 ? 0 : 1);
}

// Tests of half the system would say little: without Redis and a browser, stop and say what to install.
if (!(await stage('system packages', () => runStage(script('system-packages.ts'))))) finish();
await stage('check', () => runStage(script('check.ts', '--no-tests')));

// Before the tests: the drill opens a school in a browser.
const built = await stage('web build', build);

const vitest = freshReport('vitest.json');
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${vitest}`];
await stage(
  'vitest',
  () => runStage(tool('vitest', 'run', ...reporters)),
  ({ ok }) => readVitest(vitest, ok),
);

if (built) {
  const playwright = freshReport('playwright.json');
  await stage(
    'playwright',
    () =>
      runStage(
        [
          process.execPath,
          'apps/web/node_modules/@playwright/test/cli.js',
          'test',
          '-c',
          'apps/web/playwright.config.ts',
          '--reporter=list,json',
        ],
        { env: { PLAYWRIGHT_JSON_OUTPUT_FILE: playwright } },
      ),
    ({ ok }) => readPlaywright(playwright, ok),
  );
}
finish();
