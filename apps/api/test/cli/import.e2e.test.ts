import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Command, preauOn } from '../support/command.ts';
import { createTestApp, type TestApp } from '../support/harness.ts';

let t: TestApp;
let preau: Command;
let file: string;
beforeAll(async () => {
  t = await createTestApp();
  preau = preauOn(t.fresh.url);
  file = path.join(t.dataDir, 'schools.csv');
  fs.writeFileSync(
    file,
    [
      'identifiant_de_l_etablissement;nom_etablissement;type_etablissement;adresse_1;code_postal;nom_commune;telephone;mail',
      '0750655E;Lycée Louis-le-Grand;Lycée;123 rue Saint-Jacques;75005;Paris;0144321980;ce@example.org',
      '0750654D;Lycée Henri-IV;Lycée;23 rue Clovis;75005;Paris;0144412121;',
    ].join('\n'),
  );
});
afterAll(async () => {
  await preau.close();
  await t.close();
});

const states = () => t.sql('SELECT name, subdomain, status FROM public.tenants');

it('preau tenants import says what would happen, does it, and finds nothing left to do', async () => {
  const dry = await preau('tenants', 'import', file, '--dry-run', '--json');
  expect(dry.lines()).toMatchObject([{ dry_run: true, counts: { lines: 2, create: 1, refused: 1 } }]);
  expect(dry.err).toContain('nothing was changed');
  expect(await states()).toEqual([]);

  const done = await preau('tenants', 'import', file, '--provision', '--json');
  // A line was refused: the other was not stopped by it, and the command does not pass for whole.
  expect(done.code).toBe(1);
  expect(done.err).toMatch(/1\/2 create Lycée Louis-le-Grand/);
  expect(done.lines()).toMatchObject([{ counts: { create: 1, refused: 1, provision: 1 } }]);
  expect(await states()).toEqual([
    { name: 'Lycée Louis-le-Grand', subdomain: 'lycee-louis-le-grand', status: 'active' },
  ]);

  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').split('\n').slice(0, 2).join('\n'));
  const again = await preau('tenants', 'import', file, '--provision', '--json');
  expect(again.code).toBe(0);
  expect(again.lines()).toMatchObject([{ counts: { create: 0, unchanged: 1, provision: 0 } }]);
});
