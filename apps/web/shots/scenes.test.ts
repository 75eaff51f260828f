import { globSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { SCENES } from './scenes.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const PICTURES = 'docs/public/screenshots';
const pictures = readdirSync(path.join(ROOT, PICTURES));

test('scenes have names of their own', () => {
  const names = SCENES.map(({ name }) => name);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});

test('each scene has its picture in the documentation, and nothing else has one', () => {
  expect(pictures.toSorted()).toEqual(SCENES.map(({ name }) => `${name}.wide.light.fr.png`).toSorted());
});

test('each picture is shown on a page', () => {
  const pages = globSync(['README.md', 'docs/**/*.md'], { cwd: ROOT, exclude: ['**/node_modules/**'] });
  const text = pages.map((page) => readFileSync(path.join(ROOT, page), 'utf8')).join('\n');
  expect(pictures.filter((picture) => !text.includes(`public/screenshots/${picture})`))).toEqual([]);
});
