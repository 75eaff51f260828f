import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { formatSeconds, ROOT, runStage, script, type StageResult, tool } from './stage.ts';
import { type Counts, countPlaywright, countVitest } from './test-counts.ts';
import { ensureWebBuild } from './web-build.ts';

const cache = path.join(ROOT, '.cache');
fs.mkdirSync(cache, { recursive: true });
// Tests start the product some two hundred times: a second less each.
process.env.NODE_COMPILE_CACHE ??= path.join(cache, 'compiled');

const table: { name: string; result: StageResult; counts: Counts }[] = [];

/** A stage without tests of its own counts only when it fails. */
function asStage({ ok }: StageResult): Counts {
  return { passed: 0, failed: ok ? 0 : 1 };
}

async function stage(
  name: string,
  run: () => Promise<StageResult>,
  count: (result: StageResult) => Counts = asStage,
): Promise<boolean> {
  process.stdout.write(`\n━━ ${name}\n`);
  const result = await run();
  table.push({ name, result, counts: count(result) });
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
  for (const { name, result, counts } of table) {
    const figures =
      counts.passed + counts.failed > 0 ? `  ${counts.passed} passed, ${counts.failed} failed` : '';
    process.stdout.write(`${result.ok ? '✓' : '✗'} ${formatSeconds(result.seconds)}  ${name}${figures}\n`);
  }
  const sum = (of: keyof Counts): number => table.reduce((total, { counts }) => total + counts[of], 0);
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
  ({ ok }) => countVitest(vitest, ok),
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
    ({ ok }) => countPlaywright(playwright, ok),
  );
}
finish();
