import { expect, test } from 'vitest';
import { filesOf, straying, weigh, type Manifest } from './first-load.ts';

const MANIFEST: Manifest = {
  'index.html': { file: 'index.js', imports: ['_base.js'], dynamicImports: ['shell.ts', 'lazy.ts'] },
  '_base.js': { file: 'base.js', imports: ['_base.js'] },
  'shell.ts': { file: 'shell.js', css: ['shell.css'], imports: ['_base.js'] },
  'lazy.ts': { file: 'lazy.js', imports: ['_base.js'] },
};
const SIZES: Record<string, number> = {
  'index.js': 1,
  'base.js': 10,
  'shell.js': 5,
  'shell.css': 3,
  'lazy.js': 7,
};

test('a page of one face that needs what the other begins with is named', () => {
  const manifest: Manifest = {
    'console.ts': { file: 'assets/console-1.js', dynamicImports: ['page.vue', 'other.vue'] },
    'page.vue': { file: 'assets/Page-1.js', imports: ['_shared.js'] },
    'other.vue': { file: 'assets/Other-1.js', dynamicImports: ['_shared.js'] },
    '_shared.js': { file: 'assets/portal-1.js' },
  };
  expect(straying(manifest, 'console', 'portal')).toEqual(['page.vue']);
  expect(straying(manifest, 'portal', 'console')).toEqual([]);
});

test('a chunk brings its imports and styles, each once', () => {
  expect([...filesOf(MANIFEST, 'shell.ts')].toSorted()).toEqual(['base.js', 'shell.css', 'shell.js']);
});

test('a face weighs its entry and its shell; the rest is weighed alone', () => {
  const budgets = [{ name: 'face', entries: ['index.html', 'shell.ts'], limit: 18 }];
  expect(weigh(MANIFEST, budgets, 80, (file) => SIZES[file]!)).toEqual([
    { name: 'face', limit: 18, bytes: 19 },
    { name: 'lazy.ts', limit: 80, bytes: 7 },
  ]);
});

test('a face whose chunks have gone is an error, not a light face', () => {
  expect(() => weigh(MANIFEST, [{ name: 'face', entries: ['gone.ts'], limit: 1 }], 1, () => 0)).toThrow(
    'gone.ts',
  );
});
