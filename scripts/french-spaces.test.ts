import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { spacedMarks } from './french-spaces.ts';
import { ROOT } from './stage.ts';

test('a mark that a line could begin with is found, in a string and around what is filled in', () => {
  const faults = [
    "'Un délai : une heure.'",
    '`Motif : ${reason}`',
    "'Module « agenda » éteint'",
    "'Oublié ?'",
    "'Pleine à 95 % déjà'",
  ];
  for (const fault of faults) expect(spacedMarks(fault), fault).toHaveLength(1);
  const right = [
    "'Un délai\u00a0: une heure\u00a0; «\u00a0deux\u00a0»\u00a0!'",
    "'SELECT a FROM b WHERE c = ? AND d LIKE ? LIMIT ?'",
    '`moment := clock_timestamp(); head.position := 1`',
    "'Closed: yes; open?'",
    'const a = b ? c : d;',
  ];
  for (const source of right) expect(spacedMarks(source), source).toEqual([]);
});

// The words of the screens: apps/web/src/shared/words.spec.ts.
test('French sentences of the API follow their typography', () => {
  const files = globSync('{apps/api,packages/*}/src/**/*.ts', { cwd: ROOT }).filter(
    (file) => !/\.(?:test|spec)\.ts$/.test(file),
  );
  const faults = files.flatMap((file) =>
    spacedMarks(readFileSync(`${ROOT}/${file}`, 'utf8')).map(
      ({ line, sentence }) => `${file}:${line} ${sentence}`,
    ),
  );
  expect(files.length).toBeGreaterThan(100);
  expect(faults).toEqual([]);
});
