import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const WEB = path.resolve(import.meta.dirname, '../..');

test('every component of the kit is on the page of components', () => {
  const kit = readFileSync(path.join(WEB, '../../packages/ui/src/index.ts'), 'utf8');
  const names = [
    ...[...kit.matchAll(/default as (\w+)/g)].map(([, name]) => name!),
    ...[...kit.matchAll(/^export \{ ([A-Z]\w+) \}/gm)].map(([, name]) => name!),
  ];
  const folder = path.join(WEB, 'gallery');
  const page = readdirSync(folder)
    .filter((file) => file.endsWith('.vue'))
    .map((file) => readFileSync(path.join(folder, file), 'utf8'))
    .join('');
  expect(names.length).toBeGreaterThan(30);
  expect(names.filter((name) => !page.includes(`<${name}`))).toEqual([]);
});
