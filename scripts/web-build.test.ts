import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { digestSources, isStale } from './web-build.ts';

let root: string;
const write = (file: string, content: string): void => {
  fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  fs.writeFileSync(path.join(root, file), content);
};

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'preau-web-build-'));
  write('pnpm-lock.yaml', 'a');
  write('apps/web/src/main.ts', '1');
  write('packages/ui/src/Button.vue', '1');
  write('apps/web/dist/.sources', digestSources(root));
});
afterEach(() => fs.rmSync(root, { recursive: true }));

it('a build is stale without its note, and after a change in the app, its packages or the lock file', () => {
  expect(isStale(root)).toBe(false);
  for (const file of ['apps/web/src/main.ts', 'packages/ui/src/Button.vue', 'pnpm-lock.yaml']) {
    const before = fs.readFileSync(path.join(root, file), 'utf8');
    write(file, `${before}!`);
    expect(isStale(root), file).toBe(true);
    write(file, before);
  }
  write('packages/theme/src/new.ts', '');
  expect(isStale(root)).toBe(true);
  fs.rmSync(path.join(root, 'packages/theme'), { recursive: true });
  fs.rmSync(path.join(root, 'apps/web/dist/.sources'));
  expect(isStale(root)).toBe(true);
});

it('tests, installed packages and the build itself do not count', () => {
  write('apps/web/src/main.spec.ts', 'x');
  write('apps/web/e2e/main.spec.ts', 'x');
  write('apps/web/node_modules/x/index.js', 'x');
  write('apps/web/dist/assets/a.js', 'x');
  expect(isStale(root)).toBe(false);
});
