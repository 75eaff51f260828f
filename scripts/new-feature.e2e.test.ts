import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertLine } from './new-feature/lines.ts';
import { planFeature } from './new-feature/plan.ts';
import { copyRepository } from './new-feature/repository-copy.ts';
import { ROOT } from './stage.ts';

const LONG = 600_000;
let copy: string;

beforeAll(() => {
  copy = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'preau-new-feature-')));
  copyRepository(ROOT, copy);
}, LONG);
afterAll(() => fs.rmSync(copy, { recursive: true, force: true }));

function run(...argv: string[]): Promise<{ code: number; output: string }> {
  // The inner run is a run of its own: this one's database, worker and mode are not handed down.
  const { PATH, HOME, TMPDIR } = process.env;
  const env = Object.fromEntries(
    Object.entries({ PATH, HOME, TMPDIR, NO_COLOR: '1' }).filter(([, value]) => value),
  );
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      argv,
      { cwd: copy, env, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        resolve({
          code: error ? (typeof error.code === 'number' ? error.code : -1) : 0,
          output: stdout + stderr,
        });
      },
    );
  });
}

async function expectSuccess(...argv: string[]): Promise<string> {
  const { code, output } = await run(...argv);
  expect(code, `${argv.join(' ')}\n${output}`).toBe(0);
  return output;
}

/** What a person does after the generator: adds the lines it printed. */
function addByHand(options: Parameters<typeof planFeature>[1]): void {
  for (const line of planFeature(ROOT, options).lines) {
    const file = path.join(copy, line.file);
    fs.writeFileSync(file, insertLine(fs.readFileSync(file, 'utf8'), line));
  }
}

const PORTAL = 'apps/web/src/features/index.ts';

/** Leaves nothing in the portal's table of contents: what it leads to would be checked again with the new pages. */
function emptyPortal(): void {
  const file = path.join(copy, PORTAL);
  const source = fs.readFileSync(file, 'utf8').replace(/^import \{.*\n/gm, '');
  fs.writeFileSync(file, source.replace(/(const MODULES_OF_THE_PORTAL\b[^=]*= \[)[^\]]*/, '$1'));
}

/** The portal's table of contents, which leads to the new pages, and their tests. */
function webTypesOf(...names: string[]): string {
  const include = ['src/env.d.ts', 'src/features/index.ts', ...names.map((name) => `src/features/${name}`)];
  fs.writeFileSync(
    path.join(copy, 'apps/web/tsconfig.new.json'),
    JSON.stringify({ extends: './tsconfig.json', include, compilerOptions: { incremental: false } }),
  );
  return 'apps/web/tsconfig.new.json';
}

/** The program of the product with the new tests, and in it what the features bring or change. */
function typesOf(...names: string[]): string[] {
  const tests = names.map((name) => `apps/api/src/features/${name}/${name}.e2e.test.ts`);
  const roots = ['apps/api/src/server.ts', 'apps/api/src/cli.ts', ...tests];
  const changed = names.flatMap((name) => planFeature(ROOT, { name, module: true, french: name }).lines);
  const files = new Set(changed.map(({ file }) => file).filter((file) => file !== PORTAL));
  return [roots.join(','), ...names.map((name) => `apps/api/src/features/${name}`), ...files];
}

test(
  'a generated module and a generated feature compile, keep the rules, and work',
  async () => {
    const printed = await expectSuccess(
      'scripts/new-feature.ts',
      'school-trips',
      '--zone',
      'tenant',
      '--module',
      '--fr',
      'Sorties',
    );
    await expectSuccess('scripts/new-feature.ts', 'homework', '--zone', 'tenant');
    const trips = { name: 'school-trips', module: true, french: 'Sorties' };
    for (const { text } of planFeature(ROOT, trips).lines) {
      for (const line of text.trim().split('\n')) expect(printed).toContain(line.trim());
    }
    emptyPortal();
    addByHand(trips);
    addByHand({ name: 'homework', module: false });

    await expectSuccess('scripts/new-feature/check-types.ts', ...typesOf('school-trips', 'homework'));
    await expectSuccess(
      'node_modules/vue-tsc/bin/vue-tsc.js',
      '--noEmit',
      '-p',
      webTypesOf('school-trips', 'homework'),
    );
    expect((await run('scripts/check-boundaries.ts')).output).not.toMatch(/school-trips|homework/);
    const folders = ['school-trips', 'homework'].map((name) => `apps/api/src/features/${name}`);
    await expectSuccess('node_modules/oxlint/bin/oxlint', '--type-aware', ...folders);
    const tests = await expectSuccess(
      'node_modules/vitest/vitest.mjs',
      'run',
      '--project',
      'real',
      ...folders,
    );
    expect(tests).toMatch(/Test Files\s+2 passed/);
  },
  LONG,
);

test('a name that is taken or cannot be used writes nothing', async () => {
  for (const name of ['announcements', 'Trips', 'class', '../x']) {
    const { code, output } = await run('scripts/new-feature.ts', name, '--zone', 'tenant');
    expect(code, name).toBe(1);
    expect(output).toContain('Usage:');
  }
  expect((await run('scripts/new-feature.ts', 'trips', '--zone', 'platform')).code).toBe(1);
  expect(fs.existsSync(path.join(copy, 'apps/api/src/features/trips'))).toBe(false);
});
