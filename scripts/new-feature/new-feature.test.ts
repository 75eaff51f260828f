import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../stage.ts';
import { fill } from './fill.ts';
import { insertLine } from './lines.ts';
import { namesOf } from './names.ts';
import { planFeature } from './plan.ts';

test('names follow from the plural', () => {
  expect(namesOf('school-trips')).toMatchObject({
    path: 'school-trips',
    file: 'school-trip',
    key: 'school_trips',
    things: 'schoolTrips',
    Thing: 'SchoolTrip',
    Words: 'School trips',
    word: 'school trip',
  });
  expect(namesOf('policies').thing).toBe('policy');
  expect(namesOf('homework').Thing).toBe('Homework');
  expect(namesOf('menus', 'daily-menu').file).toBe('daily-menu');
});

test.each(['Trips', 'trips-', '-trips', 'a b', '1st', '', 'x'.repeat(41), 'class', '../etc'])(
  '“%s” is no name',
  (name) => {
    expect(() => namesOf(name)).toThrow(name);
  },
);

test('a template that names something unknown fails instead of writing it', () => {
  expect(fill('a {{b}} c', { b: '1' }, {})).toBe('a 1 c');
  expect(() => fill('{{nothing}}', {}, {})).toThrow('nothing');
  const block = 'x\n{{#on}}\ny\n{{/on}}\nz';
  expect(fill(block, {}, { on: true })).toBe('x\ny\nz');
  expect(fill(block, {}, { on: false })).toBe('x\nz');
});

test('the lines to add by hand name places that exist once', () => {
  for (const module of [true, false]) {
    for (const line of planFeature(ROOT, { name: 'made-up-things', module }).lines) {
      const source = fs.readFileSync(path.join(ROOT, line.file), 'utf8');
      expect(insertLine(source, line)).toContain(line.text);
    }
  }
});

test('the new migration is above every other, whatever the clock says', () => {
  const folder = 'apps/api/src/database/migrations/tenant';
  const { files } = planFeature(ROOT, { name: 'made-up-things', module: false });
  const migration = files.find((file) => file.path.startsWith(folder));
  const before = fs.readdirSync(path.join(ROOT, folder)).toSorted().at(-1) ?? '';
  expect(path.posix.basename(migration?.path ?? '') > before).toBe(true);
  expect(() => planFeature(ROOT, { name: 'made-up-things', module: false }, new Date(0))).toThrow('clock');
});
