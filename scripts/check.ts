import os from 'node:os';
import process from 'node:process';
import { formatSeconds, runStage, script, type StageResult, tool } from './stage.ts';

// The slowest first, so that the short ones fill the gaps.
const tasks: [name: string, command: string[]][] = [
  ['types', tool('tsc', '-p', '.')],
  ['lint', tool('oxlint', '--type-aware')],
  ['types of the web app', tool('vue-tsc', '--noEmit', '-p', 'apps/web')],
  ['types of the ui kit', tool('vue-tsc', '--noEmit', '-p', 'packages/ui')],
  [
    'lint of components',
    tool('eslint', '--max-warnings', '0', '--no-error-on-unmatched-pattern', '**/*.vue'),
  ],
  ['boundaries', script('check-boundaries.ts')],
  ['format', tool('oxfmt', '--check')],
];
// `pnpm test` runs them with all the others.
if (!process.argv.includes('--no-tests'))
  tasks.unshift(['pure tests', tool('vitest', 'run', '--project', 'pure')]);

const results = new Map<string, StageResult>();
const waiting = [...tasks];

async function work(): Promise<void> {
  for (let task = waiting.shift(); task; task = waiting.shift()) {
    const [name, command] = task;
    const result = await runStage(command, { quiet: true });
    results.set(name, result);
    if (!result.ok) process.stdout.write(`\n── ${name} ──\n${result.output.trimEnd()}\n\n`);
    process.stdout.write(`${result.ok ? '✓' : '✗'} ${formatSeconds(result.seconds)}  ${name}\n`);
  }
}

await Promise.all(Array.from({ length: Math.min(os.availableParallelism(), 4) }, work));

const failed = tasks.map(([name]) => name).filter((name) => !results.get(name)?.ok);
process.stdout.write(failed.length > 0 ? `\nFailed: ${failed.join(', ')}\n` : '\nAll checks hold\n');
process.exitCode = failed.length > 0 ? 1 : 0;
