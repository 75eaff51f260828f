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
      expect(() => insertLine('', line)).toThrow(line.file);
    }
  }
});

test('an array takes one more at its end, on one line or on several', () => {
  const line = { file: 'x.ts', place: { endOf: 'all' }, text: 'c' };
  expect(insertLine('const all: readonly T[] = [a, b];', line)).toBe('const all: readonly T[] = [a, b, c];');
  expect(insertLine('const all = [\n  a,\n];', line)).toBe('const all = [\n  a,c];');
});

test('French words stand in JSON and in messages as they are', () => {
  expect(namesOf('trips', undefined, "Sorties d'hiver").french).toBe('Sorties d’hiver');
  expect(() => namesOf('trips', undefined, 'a | b')).toThrow('a | b');
});

test('the new migration is above every other, whatever the clock says', () => {
  const folder = 'apps/api/src/database/migrations/tenant';
  const last = fs.readdirSync(path.join(ROOT, folder)).toSorted().at(-1) ?? '';
  for (const now of [new Date(), new Date(0)]) {
    const { files } = planFeature(ROOT, { name: 'made-up-things', module: false }, now);
    const migration = files.find((file) => file.path.startsWith(folder))?.path ?? '';
    expect(path.posix.basename(migration)).toMatch(/^\d{8}_\d{6}_made_up_things\.ts$/);
    expect(path.posix.basename(migration) > last).toBe(true);
  }
});
