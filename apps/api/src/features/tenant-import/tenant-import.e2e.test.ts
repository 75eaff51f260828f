import fs from 'node:fs';
import path from 'node:path';
import type { Job } from '@preau/contracts/jobs';
import type { ImportLine, ImportReport } from '@preau/contracts/tenant-import';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool } from '../../../test/support/builders.ts';
import { type Answer, type Client, platformKey, superadmin } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem } from '../../../test/support/refusals.ts';
import { isUai } from '../../platform/formats.ts';
import { OPERATOR } from '../audit/index.ts';

let t: TestApp;
let admin: Client;
beforeAll(async () => {
  t = await createTestApp({ jobs: [] });
  admin = await superadmin(t);
});
afterAll(() => t.close());

let counter = 0;
/** A UAI that is nobody's yet. */
function newUai(): string {
  const number = String(1_000_000 + (counter += 1)).padStart(7, '0');
  const letter = 'ABCDEFGHJKLMNPRSTUVWXYZ'.split('').find((each) => isUai(number + each));
  return number + (letter ?? '');
}

const HEADER =
  'Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Statut_public_prive;Adresse_1;Adresse_2;Adresse_3;Code_postal;Nom_commune;Telephone;Web;Mail;libelle_nature';
interface Row {
  uai: string;
  name: string;
  type: string;
  city: string;
  phone: string;
  mail: string;
}
const row = ({
  uai = newUai(),
  name = `Lycée n° ${counter}`,
  type = 'Lycée',
  city = 'Lyon',
  phone = '0478000000',
  mail = 'ce@example.org',
}: Partial<Row> = {}): string =>
  `${uai};${name};${type};Public;1 rue des Écoles;;69001 ${city.toUpperCase()};69001;${city};${phone};www.example.org;${mail};LYCEE POLYVALENT`;
const csv = (...rows: string[]): string => [HEADER, ...rows, ''].join('\r\n');

const send = (client: Client, text: string | Buffer, query = '', type = 'text/csv'): Promise<Answer> =>
  client.send({
    method: 'POST',
    url: `/api/v1/tenants/import${query}`,
    headers: { 'content-type': type },
    payload: text,
  });
const preview = async (text: string | Buffer, query = ''): Promise<ImportReport> => {
  const answer = await send(admin, text, `?dry_run=true${query}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
};
async function finished(answer: Answer): Promise<Job> {
  expect(answer.status, answer.text).toBe(202);
  const { text } = await admin.get(`/jobs/${answer.body.job_id}/events/`);
  return JSON.parse(Array.from(text.matchAll(/^data: (.*)$/gm)).at(-1)?.[1] ?? '') as Job;
}
const run = async (text: string | Buffer, query = ''): Promise<ImportReport & { lines: ImportLine[] }> => {
  const job = await finished(await send(admin, text, query));
  expect(job).toMatchObject({ status: 'done' });
  return job.result as ImportReport;
};
const kept = (): string[] => {
  const folder = path.join(t.dataDir, 'imports');
  return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
};
const countSchools = async (): Promise<number> =>
  (await t.sql<{ n: number }>('SELECT count(*)::int AS n FROM public.tenants'))[0]?.n ?? 0;

describe('a dry run', () => {
  it('says of each line what would happen, in the reader’s language, and changes nothing', async () => {
    const school = await createSchool(t, { provisioned: false, uai: newUai(), school_name: 'Ancien nom' });
    const uai =
      (await t.sql<{ uai: string }>('SELECT uai FROM public.tenants WHERE id = $1', [school.id]))[0]?.uai ??
      '';
    const before = await countSchools();
    const fresh = row({ name: 'Lycée Ampère' });
    const text = csv(
      fresh,
      row({ uai, name: 'Nouveau nom' }),
      row({ uai: '0750655A' }),
      row({ type: 'Service Administratif', mail: '' }),
      fresh,
    );
    const report = await preview(text);
    expect(report).toMatchObject({
      dry_run: true,
      encoding: 'utf-8',
      delimiter: ';',
      ignored_columns: ['Statut_public_prive'],
      counts: { lines: 5, create: 1, update: 1, unchanged: 0, refused: 3, provision: 0, failed: 0 },
    });
    expect(report.lines.map(({ line, action }) => [line, action])).toEqual([
      [2, 'create'],
      [3, 'update'],
      [4, 'refused'],
      [5, 'refused'],
      [6, 'refused'],
    ]);
    expect(report.lines[0]).toMatchObject({
      name: 'Lycée Ampère',
      subdomain: 'lycee-ampere-lyon',
      tenant_id: null,
    });
    expect(report.lines[1]).toMatchObject({ tenant_id: school.id, subdomain: school.subdomain });
    expect(report.lines[1]?.changes).toContain('school_name');
    expect(report.lines[3]?.errors.map(({ path: at, code }) => [at, code]).toSorted()).toEqual([
      ['email', 'required'],
      ['school_type', 'enum'],
    ]);
    expect(report.lines[4]?.errors).toEqual([
      { path: 'uai', code: 'duplicate_line', message: 'Même établissement qu’à la ligne 2.' },
    ]);
    const english = await admin.send({
      method: 'POST',
      url: '/api/v1/tenants/import/?dry_run=true',
      headers: { 'content-type': 'text/csv', 'accept-language': 'en' },
      payload: text,
    });
    expect(english.body.lines[4].errors[0].message).toBe('Same school as on line 2.');
    expect(await countSchools()).toBe(before);
    expect(kept()).toEqual([]);
  });
});

describe('an import', () => {
  it('enters each school once: the second time all are unchanged, the third only what differs is', async () => {
    const [first, second] = [newUai(), newUai()];
    const text = (phone: string) =>
      csv(row({ uai: first, name: 'Lycée Berthollet' }), row({ uai: second, name: 'Lycée Fauré', phone }));
    const before = await countSchools();
    expect((await run(text('0450000000'))).counts).toMatchObject({ create: 2, refused: 0 });
    expect((await run(text('0450000000'))).counts).toMatchObject({ create: 0, unchanged: 2 });
    const third = await run(text('0450111111'));
    expect(third.counts).toMatchObject({ create: 0, update: 1, unchanged: 1 });
    expect(third.lines).toMatchObject([{ line: 3, action: 'update', changes: ['phone'] }]);
    expect(await countSchools()).toBe(before + 2);
    const [stored] = await t.sql('SELECT * FROM public.tenants WHERE uai = $1', [second]);
    expect(stored).toMatchObject({
      name: 'Lycée Fauré',
      school_type: 'lycee',
      subdomain: 'lycee-faure',
      address: '1 rue des Écoles',
      postal_code: '69001',
      city: 'Lyon',
      phone: '0450111111',
      website: 'https://www.example.org',
      status: 'pending',
    });
    const actions = await t.sql<{ action: string; actor_type: string }>(
      'SELECT action, actor_type FROM public.audit_log WHERE tenant_id = $1 ORDER BY seq',
      [stored?.['id']],
    );
    expect(actions.map(({ action }) => action)).toEqual(['tenant.create', 'tenant.update']);
    expect(kept()).toEqual([]);
  });

  it('is not stopped by a bad line', async () => {
    const report = await run(csv(row(), row({ uai: 'rubbish' }), row({ phone: 'none' }), row()));
    expect(report.counts).toMatchObject({ lines: 4, create: 2, refused: 2 });
  });

  it('of the same file twice at once makes each school once', async () => {
    const rows = Array.from({ length: 25 }, (_, at) => row({ name: `Lycée double ${at}` }));
    const before = await countSchools();
    const jobs = await Promise.all([1, 2].map(async () => finished(await send(admin, csv(...rows)))));
    expect(await countSchools()).toBe(before + 25);
    const counts = jobs.map(({ result }) => (result as ImportReport).counts);
    expect(counts.map(({ refused, failed }) => refused + failed)).toEqual([0, 0]);
    expect(counts.reduce((sum, { create }) => sum + create, 0)).toBe(25);
  });

  it('that is stopped half-way goes on where it was', async () => {
    const file = path.join(t.dataDir, 'half.csv');
    fs.writeFileSync(file, csv(...Array.from({ length: 6 }, () => row())));
    const request = { path: file, fileName: 'half.csv', provision: false, language: 'fr' as const };
    const stopping = new AbortController();
    const stopped = t.services.tenantImport.run(request, OPERATOR, {
      signal: stopping.signal,
      onLine: (done) => void (done === 4 && stopping.abort(new Error('the process ends'))),
    });
    await expect(stopped).rejects.toThrow('the process ends');
    const told: number[] = [];
    const { counts } = await t.services.tenantImport.run(request, OPERATOR, {
      onLine: (done) => void told.push(done),
    });
    expect(counts).toMatchObject({ create: 2, unchanged: 4 });
    expect(told).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('builds the spaces of schools that have none, those of an earlier import too', async () => {
    const text = csv(row({ name: 'Lycée du Parc' }));
    await run(text);
    const report = await run(text, '?provision=true');
    expect(report.counts).toMatchObject({ create: 0, unchanged: 1, provision: 1, failed: 0 });
    const [stored] = await t.sql("SELECT status FROM public.tenants WHERE name = 'Lycée du Parc'");
    expect(stored).toEqual({ status: 'active' });
    expect((await run(text, '?provision=true')).counts).toMatchObject({ unchanged: 1, provision: 0 });
  });

  it('gives schools of one name addresses of their own, whatever the order of the lines', async () => {
    const [lyon, paris] = [
      row({ name: 'École Jean Macé', type: 'Ecole' }),
      row({ name: 'École Jean Macé', type: 'Ecole', city: 'Paris' }),
    ];
    const named = ({ lines }: ImportReport) => new Map(lines.map(({ uai, subdomain }) => [uai, subdomain]));
    const there = named(await preview(csv(lyon, paris)));
    expect([...there.values()]).toEqual(['ecole-jean-mace-lyon', 'ecole-jean-mace-paris']);
    expect(named(await preview(csv(paris, lyon)))).toEqual(there);
  });

  it('updates a school of ours by its subdomain, and refuses what could not be recognised', async () => {
    const school = await createSchool(t, { provisioned: false });
    const text = `school_name,subdomain,max_students\nLycée Victor Hugo,${school.subdomain},1800\nSans clé,,5\n`;
    const report = await run(text);
    expect(report.counts).toMatchObject({ update: 1, refused: 1 });
    expect(report.lines[1]?.errors).toMatchObject([{ path: 'uai', code: 'required' }]);
    const [stored] = await t.sql('SELECT max_students FROM public.tenants WHERE id = $1', [school.id]);
    expect(stored).toEqual({ max_students: 1800 });
  });

  it('moves no school to an address that is taken', async () => {
    const [one, other] = [
      await createSchool(t, { provisioned: false, uai: newUai() }),
      await createSchool(t, { provisioned: false }),
    ];
    const [{ uai } = { uai: '' }] = await t.sql<{ uai: string }>(
      'SELECT uai FROM public.tenants WHERE id = $1',
      [one.id],
    );
    const text = `uai,school_name,subdomain\n${uai},Lycée Victor Hugo,${other.subdomain}\n`;
    expect((await preview(text)).lines).toMatchObject([
      { action: 'refused', errors: [{ path: 'subdomain', code: 'taken' }] },
    ]);
    const free = await run(text.replace(other.subdomain, `${one.subdomain}-neuf`));
    expect(free.lines).toMatchObject([{ action: 'update', changes: ['subdomain'] }]);
  });

  it('leaves archived schools alone', async () => {
    const uai = newUai();
    const school = await createSchool(t, { provisioned: false, uai });
    await t.services.lifecycle.archive(OPERATOR, school.id);
    expect((await preview(csv(row({ uai })))).lines[0]?.errors).toMatchObject([{ code: 'archived' }]);
  });
});

describe('the file', () => {
  const form = (content: string, name = 'écoles.csv') =>
    `--xyz\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: text/csv\r\n\r\n${content}\r\n--xyz--\r\n`;
  const MULTIPART = 'multipart/form-data; boundary=xyz';

  it('may come in a form', async () => {
    const answer = await send(admin, form(csv(row())), '?dry_run=true', MULTIPART);
    expect(answer.body).toMatchObject({ file_name: 'écoles.csv', counts: { create: 1 } });
  });

  it('may be Latin-1', async () => {
    const report = await preview(Buffer.from(csv(row({ name: 'Collège Évariste' })), 'latin1'));
    expect(report).toMatchObject({ encoding: 'windows-1252', lines: [{ name: 'Collège Évariste' }] });
  });

  it('is asked for where there is none, and of no other kind', async () => {
    expectProblem(await send(admin, '--xyz--\r\n', '', MULTIPART), { code: 'file_expected' });
    expectProblem(await send(admin, '{}', '', 'application/json'), { code: 'file_expected' });
    expectProblem(await send(admin, 'x', '', 'image/png'), { code: 'unsupported_media_type' });
    expect(kept()).toEqual([]);
  });

  it('is refused at once when it cannot be imported: no job is made of it', async () => {
    expectProblem(await send(admin, 'a;b\n1;2\n'), { code: 'import_columns_missing' });
    expect(kept()).toEqual([]);
  });

  it('that is too large is refused, however it comes', async () => {
    const large = Buffer.alloc(10 * 1024 * 1024 + 1, 'a');
    expectProblem(await send(admin, large), { code: 'payload_too_large' });
    expectProblem(await send(admin, form(large.toString()), '', MULTIPART), { code: 'payload_too_large' });
    expect(kept()).toEqual([]);
  });

  it('is understood by no other route as a form', async () => {
    const answer = await admin.send({
      method: 'POST',
      url: '/api/v1/tenants/',
      headers: { 'content-type': MULTIPART },
      payload: form('x'),
    });
    expectProblem(answer, { code: 'unsupported_media_type' });
  });

  it('needs a right of its own', async () => {
    const creator = await platformKey(t, ['tenants:create', 'tenants:update']);
    expectProblem(await send(creator, csv(row())), { code: 'permission_denied' });
    const importer = await platformKey(t, ['tenants:import']);
    expect((await send(importer, csv(row()), '?dry_run=true')).status).toBe(200);
  });
});
