import type { StudentImport, StudentImportLine } from '@preau/contracts/student-imports';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../../test/support/builders.ts';
import { schoolAdmin, type Client } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { endOfJob } from '../../../test/support/jobs.ts';
import { expectProblem, expectRefusal } from '../../../test/support/refusals.ts';
import { addClass, addStudent, addYear, sendImport } from '../../../test/support/roster-samples.ts';
import { SYSTEM } from '../audit/index.ts';
import { moduleIsOn } from '../tenants/index.ts';

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp({ jobs: [] });
});
afterAll(() => t.close());

async function newSchool(seats = 1_000): Promise<{ school: School; head: Client }> {
  const school = await createSchool(t);
  await t.sql('UPDATE public.tenants SET max_students = $2 WHERE id = $1', [school.id, seats]);
  const head = await schoolAdmin(t, school);
  await addYear(head, '2026-2027');
  return { school, head };
}

const check = async (by: Client, file: string | Buffer): Promise<StudentImport> => {
  const { status, body, text } = await sendImport(by, file);
  expect(status, text).toBe(201);
  return body;
};
async function confirm(by: Client, { id }: StudentImport): Promise<StudentImport> {
  const { status, body, text } = await by.post(`/student-imports/${id}/confirm/`);
  expect(status, text).toBe(202);
  const job = await endOfJob(t, body.job_id);
  expect(job.failure).toBeNull();
  return (await by.get(`/student-imports/${id}/`)).body;
}
const lines = async (by: Client, { id }: StudentImport, action?: string): Promise<StudentImportLine[]> =>
  (
    await by.get(`/student-imports/${id}/lines/`, {
      query: { page_size: 100, ...(action ? { action } : {}) },
    })
  ).body.results;

const HEADER =
  'Nom;Prénom;Date de naissance;INE;Classe;Nom responsable 1;Prénom responsable 1;Courriel responsable 1';
const FILE = [
  HEADER,
  'Durand;Léa;04/03/2012;1A;6e A;Durand;Anne;anne.durand@example.org',
  'Durand;Noé;12/09/2013;;6e B;Durand;Anne;anne.durand@example.org',
  'Sans;Clé;;;6e A;;;',
  'Mal;Née;31/02/2012;;6e A;;;',
  'Durand;Léa;04/03/2012;1 a;6e A;;;',
].join('\r\n');

describe('a file of students', () => {
  it('is checked line by line, changes nothing until it is confirmed, and then does just that', async () => {
    const { head } = await newSchool();
    const checked = await check(head, FILE);
    expect(checked).toMatchObject({
      status: 'checked',
      delimiter: ';',
      new_classes: ['6e A', '6e B'],
      planned: { lines: 5, create: 2, update: 0, unchanged: 0, refused: 3 },
      done: { lines: 0 },
    });
    expect((await head.get('/students/')).body.count).toBe(0);
    const refused = await lines(head, checked, 'refused');
    expect(refused.map(({ line, errors }) => [line, errors.map(({ code }) => code)])).toEqual([
      [4, ['key_missing']],
      [5, ['date_format']],
      [6, ['line_repeated']],
    ]);
    expect(refused[2]?.errors[0]?.message).toContain('ligne 2');

    const done = await confirm(head, checked);
    expect(done).toMatchObject({ status: 'done', done: { lines: 5, create: 2, refused: 3 } });
    const { results } = (await head.get('/students/')).body;
    expect(results).toMatchObject([
      { first_name: 'Léa', birth_date: '2012-03-04', external_id: '1A', class: { name: '6e A' } },
      { first_name: 'Noé', external_id: null, class: { name: '6e B' } },
    ]);
    // One mother for both.
    const guardians = (await head.get('/guardians/')).body;
    expect(guardians.count).toBe(1);
    expect(guardians.results[0].children).toHaveLength(2);
    await expectRefusal(t, () => head.post(`/student-imports/${checked.id}/confirm/`), {
      code: 'import_not_waiting',
    });
  });

  it('a second time changes nothing; what differs is updated, what is empty is left', async () => {
    const { head } = await newSchool();
    await confirm(head, await check(head, FILE));
    expect((await check(head, FILE)).planned).toMatchObject({ create: 0, update: 0, unchanged: 2 });
    const moved = await check(head, `${HEADER};Téléphone\r\nDurand;Léa;;1A;6e B;;;;0123456789`);
    expect((await lines(head, moved))[0]).toMatchObject({ planned: 'update', changes: ['class', 'phone'] });
    await confirm(head, moved);
    const [lea] = (await head.get('/students/', { query: { search: 'lea' } })).body.results;
    expect(lea).toMatchObject({ birth_date: '2012-03-04', class: { name: '6e B' } });
    expect((await head.get(`/students/${lea.id}/`)).body).toMatchObject({
      phone: '0123456789',
      guardians: [{ email: 'anne.durand@example.org' }],
    });
  });

  it('is read as French spreadsheets write it, and what is exported can come in again', async () => {
    const { head } = await newSchool();
    const latin = Buffer.from(
      'Nom,Prénom,Né(e) le,Division\nFrançois,Zoé,1/2/2013,"Cours préparatoire"',
      'latin1',
    );
    const checked = await check(head, latin);
    expect(checked).toMatchObject({ encoding: 'windows-1252', delimiter: ',', planned: { create: 1 } });
    await confirm(head, checked);
    const exported = await head.get('/student-export/');
    expect(exported.headers['content-type']).toContain('text/csv');
    expect(exported.text).toContain('François;Zoé;01/02/2013;Cours préparatoire');
    expect((await check(head, exported.text)).planned).toMatchObject({ create: 0, update: 0, unchanged: 1 });
    const template = await head.get('/student-import-template/');
    expect(template.text.startsWith('\uFEFFINE;Nom;Prénom;Date de naissance;Classe')).toBe(true);
    expectProblem(await sendImport(head, 'a;b\n1;2'), { code: 'import_columns_missing' });
  });

  it('a line whose record has changed since the check is refused, not guessed', async () => {
    const { head } = await newSchool();
    const place = await addClass(head, '6e A');
    const id = await addStudent(head, {
      last_name: 'Change',
      first_name: 'Entre',
      external_id: '9Z',
      class_id: place,
    });
    const checked = await check(head, 'Nom;Prénom;INE;Classe;Téléphone\nChange;Entre;9Z;6e A;0123456789');
    await head.patch(`/students/${id}/`, { first_name: 'Autrement' });
    await confirm(head, checked);
    expect((await lines(head, checked))[0]).toMatchObject({
      outcome: 'refused',
      errors: [{ code: 'changed_since_check' }],
    });
    expect((await head.get(`/students/${id}/`)).body).toMatchObject({ first_name: 'Autrement', phone: null });
  });

  it('cells that a spreadsheet would run go out as text', async () => {
    const { head } = await newSchool();
    await addStudent(head, { last_name: '=HYPERLINK("x")', first_name: 'Formule' });
    expect((await head.get('/student-export/')).text).toContain(`"'=HYPERLINK(""x"")"`);
  });
});

describe('an import during which the module is switched off', () => {
  it('stops where it is, and does the rest once it is confirmed again', async () => {
    const { school, head } = await newSchool();
    const file = ['Nom;Prénom;INE', ...Array.from({ length: 150 }, (_, at) => `Nom;Élève ${at};${at}`)];
    const checked = await check(head, file.join('\n'));
    const turn = (on: boolean) =>
      t.services.tenants.updateModules(SYSTEM, school.id, { student_records: on });
    let asked = 0;
    const told = await t.services.studentImports.run(school.ref, SYSTEM, checked.id, {
      async mayGoOn() {
        asked += 1;
        if (asked === 2) await turn(false);
        return moduleIsOn(t.services.tenancy, school.id, 'student_records');
      },
    });
    expect(told).toMatchObject({ stopped: true, lines: 100, create: 100 });
    await turn(true);
    expect((await head.get('/students/')).body.count).toBe(100);
    expect((await head.get(`/student-imports/${checked.id}/`)).body.status).toBe('checked');
    expect(await confirm(head, checked)).toMatchObject({ status: 'done', done: { lines: 150, create: 150 } });
    expect((await head.get('/students/')).body.count).toBe(150);
  });
});

describe('1,000 students by two admins at once into 800 seats', () => {
  const file = (name: string, count: number): string =>
    [
      'Nom;Prénom;INE;Classe',
      ...Array.from({ length: count }, (_, at) => `${name};Élève ${at};${name}${at};6e ${name}`),
    ].join('\n');

  it('exactly 800 are entered, and the reports say who was not', async () => {
    const { school, head } = await newSchool(800);
    const colleague = await schoolAdmin(t, school);
    const [one, two] = await Promise.all([
      check(head, file('Alpha', 500)),
      check(colleague, file('Beta', 500)),
    ]);
    expect([one.planned.create, two.planned.create]).toEqual([500, 500]);
    const [first, second] = await Promise.all([confirm(head, one), confirm(colleague, two)]);
    expect(first.done.create + second.done.create).toBe(800);
    expect(first.done.refused + second.done.refused).toBe(200);
    expect((await head.get('/students/')).body.count).toBe(800);
    expect((await head.get('/student-seats/')).body).toEqual({ used: 800, limit: 800 });

    const reports = await Promise.all(
      [first, second].map(({ id }) =>
        head.get(`/student-imports/${id}/report/`, { headers: { 'accept-language': 'fr' } }),
      ),
    );
    const refused = reports.flatMap(({ text }) =>
      text.split('\r\n').filter((line) => line.includes('Plus de place d’élève (800 en tout).')),
    );
    expect(refused).toHaveLength(200);
    const there = new Set(
      (
        await t.sql<{ name: string }>(
          `SELECT last_name || ' ' || first_name AS name FROM ${school.schemaName}.students`,
        )
      ).map(({ name }) => name),
    );
    const named = refused.map((line) => line.split(';')[1] ?? '');
    expect(new Set(named).size).toBe(200);
    expect(named.filter((name) => there.has(name))).toEqual([]);
  });

  it('the same file by both makes each student once', async () => {
    const { school, head } = await newSchool(150);
    const colleague = await schoolAdmin(t, school);
    const [one, two] = await Promise.all([
      check(head, file('Même', 200)),
      check(colleague, file('Même', 200)),
    ]);
    expect(one.planned).toMatchObject({ create: 150, refused: 50 });
    const done = await Promise.all([confirm(head, one), confirm(colleague, two)]);
    expect(done[0].done.create + done[1].done.create).toBe(150);
    expect((await head.get('/student-seats/')).body.used).toBe(150);
  });
});
