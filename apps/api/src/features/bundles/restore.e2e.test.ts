import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMember, createSchool, type School } from '../../../test/support/builders.ts';
import { schoolAdmin, superadmin, visitor } from '../../../test/support/clients.ts';
import { addFiles, contentOf, fillSchool } from '../../../test/support/filled-school.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { archived, endOfJob } from '../../../test/support/jobs.ts';
import { expectProblem } from '../../../test/support/refusals.ts';
import { uploadFile } from '../../../test/support/upload.ts';
import { OPERATOR } from '../audit/index.ts';

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp({ jobs: [] });
});
afterAll(() => t.close());

async function again(school: School): Promise<School> {
  const [row] = await t.sql<{ schema_name: string }>('SELECT schema_name FROM public.tenants WHERE id = $1', [
    school.id,
  ]);
  const schemaName = row?.schema_name ?? '';
  return { ...school, schemaName, ref: { id: school.id, schemaName } };
}

/** Waits for the job that takes away what a school had before. */
async function tidied({ id }: School): Promise<void> {
  const [job] = await t.sql<{ id: string }>(
    "SELECT id FROM public.jobs WHERE kind = 'bundle.tidy' AND tenant_id = $1 ORDER BY created_at DESC LIMIT 1",
    [id],
  );
  expect(await endOfJob(t, job?.id ?? '')).toMatchObject({ status: 'done' });
}

const archiveOf = async (id: string): Promise<string> => {
  const [row] = await t.sql<{ storage_key: string }>('SELECT storage_key FROM public.bundles WHERE id = $1', [
    id,
  ]);
  return join(t.dataDir, 'backups', row?.storage_key ?? '');
};

describe('what a school shares', () => {
  it('is, after a restore in place, what its rows say again', { timeout: 60_000 }, async () => {
    const school = await createSchool(t);
    const head = await schoolAdmin(t, school);
    const day = { starts_at: '2027-03-10', ends_at: '2027-03-10', visibility: 'public' };
    await head.post('/events/', { ...day, title: 'Portes ouvertes' });
    const colours = { primary_color: '#2E7D32', secondary_color: '#123456' };
    const picture = async (fill: string): Promise<string> => {
      const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path fill="${fill}" d="M0 0h9v9H0z"/></svg>`;
      return (await uploadFile(head, 'logo.svg', drawing, {}, {}, '/current-tenant/theme/pictures/')).body.id;
    };
    const tryOn = async (logo: string) => head.put('/current-tenant/theme/draft/', { ...colours, logo });
    const [worn, tried] = [await picture('#a01428'), await picture('#143ca0')];
    await tryOn(worn);
    await head.post('/current-tenant/theme/publish/');
    await tryOn(tried);
    const id = await archived(t, school);
    await head.post('/current-tenant/theme/publish/');
    await head.post('/events/', { ...day, title: 'Ajouté depuis' });
    const admin = await superadmin(t);
    const { body } = await admin.post(
      `/tenants/${school.id}/backups/${id}/restore/`,
      { mode: 'in_place' },
      { headers: { 'x-confirm': school.subdomain } },
    );
    expect(await endOfJob(t, body.job_id ?? body.id)).toMatchObject({ status: 'done' });
    const rows = await t.sql('SELECT title FROM public.agenda_events WHERE tenant_id = $1', [school.id]);
    expect(rows).toEqual([{ title: 'Portes ouvertes' }]);
    await tidied(school);
    // Its members come back with it: whoever was logged in is not any more.
    const anybody = visitor(t, school.host);
    const { logo_url: logo } = (await anybody.get('/current-tenant/theme/')).body;
    expect(logo).toBe(`/api/v1/current-tenant/logo/?v=${worn}`);
    expect((await anybody.get(logo.replace('/api/v1', ''))).status).toBe(200);
    const editor = await schoolAdmin(t, await again(school));
    const draft = await editor.get('/current-tenant/theme/draft/');
    expect(draft.body).toMatchObject({ logo: { id: tried }, published: { version: 2, logo: { id: worn } } });
    expect((await editor.get(draft.body.logo.url.replace('/api/v1', ''))).status).toBe(200);
  });
});

describe('a restore in place', () => {
  it(
    'gives back rows, files and members, keeps a backup of what was there, and takes the rest away',
    { timeout: 60_000 },
    async () => {
      const school = await createSchool(t);
      await fillSchool(t, school, { rows: 40, files: 10 });
      const before = await contentOf(t, school);
      const id = await archived(t, school);

      const late = await addMember(t, school, 'teacher');
      await addFiles(t, school, 3);
      await t.sql(`DELETE FROM ${school.schemaName}.announcements`);
      await t.sql("UPDATE public.tenants SET name = 'Other', primary_color = '#000000' WHERE id = $1", [
        school.id,
      ]);
      const admin = await superadmin(t);
      const path = `/tenants/${school.id}/backups/${id}/restore/`;
      expectProblem(await admin.post(path, { mode: 'in_place' }), { code: 'confirmation_required' });
      const answer = await admin.post(
        path,
        { mode: 'in_place' },
        { headers: { 'x-confirm': school.subdomain } },
      );
      expect(answer.status).toBe(202);
      expect(await endOfJob(t, answer.body.job_id)).toMatchObject({ status: 'done', failure: null });
      await tidied(school);

      const now = await again(school);
      expect(now.schemaName).not.toBe(school.schemaName);
      expect(await contentOf(t, now)).toEqual(before);
      expect(await t.sql('SELECT FROM pg_namespace WHERE nspname = $1', [school.schemaName])).toEqual([]);
      expect(await t.sql('SELECT FROM pg_roles WHERE rolname = $1', [school.schemaName])).toEqual([]);
      expect(await t.sql('SELECT FROM public.memberships WHERE user_id = $1', [late.id])).toEqual([]);
      const { body } = await admin.get(`/tenants/${school.id}/backups/`);
      expect(body.results.map(({ cause }: { cause: string }) => cause)).toEqual(['restore', 'asked']);
      // What was there before the restore can be had again.
      const [{ id: undo }] = body.results;
      const back = await admin.post(
        `/tenants/${school.id}/backups/${undo}/restore/`,
        { mode: 'in_place' },
        { headers: { 'x-confirm': school.subdomain } },
      );
      await endOfJob(t, back.body.job_id);
      expect((await contentOf(t, await again(school))).rows['announcements']).toEqual([]);
    },
  );

  it('changes nothing when the archive is damaged or cut', { timeout: 60_000 }, async () => {
    const school = await createSchool(t);
    await fillSchool(t, school, { rows: 200, files: 3 });
    const before = await contentOf(t, school);
    const refused = async (spoil: (path: string) => void): Promise<void> => {
      const id = await archived(t, school);
      spoil(await archiveOf(id));
      const started = await t.services.bundles
        .restore(OPERATOR, id, { mode: 'in_place' }, school.subdomain)
        .catch((error: unknown) => error as Error);
      if (!(started instanceof Error))
        expect(await endOfJob(t, started.job_id)).toMatchObject({ status: 'failed' });
      expect(await again(school)).toEqual(school);
      expect(await contentOf(t, school)).toEqual(before);
    };
    await refused((path) => writeFileSync(path, readFileSync(path).subarray(0, -200)));
    // Among the rows, where PostgreSQL waits for the next one, and everywhere else.
    for (const place of [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
      await refused((path) => {
        const bytes = readFileSync(path);
        randomBytes(40).copy(bytes, Math.floor(place * bytes.length));
        writeFileSync(path, bytes);
      });
    await expect.poll(() => t.sql('SELECT * FROM public.bundle_restores')).toEqual([]);
    const orphans = await t.sql(
      `SELECT nspname FROM pg_namespace WHERE nspname LIKE 't\\_%' AND NOT EXISTS (SELECT FROM public.tenants WHERE schema_name = nspname)`,
    );
    expect(orphans).toEqual([]);
  });
});

describe('an archive of another version', () => {
  it('of an earlier one is migrated before it takes the school’s place', { timeout: 60_000 }, async () => {
    const school = await createSchool(t);
    const { migrator } = t.database;
    await t.sql(
      `INSERT INTO ${school.schemaName}.announcements (id, title, body, author_name) VALUES (gen_random_uuid(), 'avant', 'b', 'c')`,
    );
    await migrator.rollbackLast(school.schemaName);
    const id = await archived(t, school);
    expect((await t.services.bundles.get(id)).schema_version).not.toBe(migrator.tenantVersion);
    await migrator.migrateTenants([school.schemaName]);
    const { job_id } = await t.services.bundles.restore(OPERATOR, id, { mode: 'in_place' }, school.subdomain);
    expect(await endOfJob(t, job_id)).toMatchObject({ status: 'done', failure: null });
    const { schemaName } = await again(school);
    expect(schemaName).not.toBe(school.schemaName);
    expect(await migrator.findDrift([{ schemaName, version: migrator.tenantVersion }])).toEqual([]);
    expect(await t.sql(`SELECT title FROM ${schemaName}.announcements`)).toEqual([{ title: 'avant' }]);
    expect(
      await t.sql('SELECT version FROM public.schema_versions WHERE schema_name = $1', [schemaName]),
    ).toEqual([{ version: migrator.tenantVersion }]);
  });

  it('of a newer one is refused', { timeout: 60_000 }, async () => {
    const school = await createSchool(t);
    const id = await archived(t, school, { kind: 'export' });
    const path = await archiveOf(id);
    const version = t.database.migrator.tenantVersion ?? '';
    const bytes = readFileSync(path);
    Buffer.from(version.replace(/^2026/, '2999')).copy(bytes, bytes.indexOf(version));
    writeFileSync(path, bytes);
    const admin = await superadmin(t);
    const answer = await admin.post(
      `/tenants/${school.id}/backups/${id}/restore/`,
      { mode: 'in_place' },
      { headers: { 'x-confirm': school.subdomain } },
    );
    expectProblem(answer, { code: 'bundle_newer' });
    expect(await again(school)).toEqual(school);
  });
});

describe('a restore as a copy', () => {
  it('makes another school with the same people and files of its own', { timeout: 60_000 }, async () => {
    const school = await createSchool(t);
    await fillSchool(t, school, { rows: 20, files: 5 });
    const before = await contentOf(t, school);
    const id = await archived(t, school);
    const { job_id, tenant_id } = await t.services.bundles.restore(
      OPERATOR,
      id,
      { mode: 'copy', subdomain: 'la-copie', school_name: 'La copie' },
      undefined,
    );
    expect(await endOfJob(t, job_id)).toMatchObject({ status: 'done', failure: null });
    const copy = await again({ ...school, id: tenant_id });
    const content = await contentOf(t, copy);
    expect(content.rows['announcements']).toEqual(before.rows['announcements']);
    expect(Object.values(content.files).toSorted()).toEqual(Object.values(before.files).toSorted());
    expect(content.looks).toEqual(before.looks);
    expect(content.members.map(({ id: person }) => person)).toEqual(
      before.members.map(({ id: person }) => person),
    );
    expect(content.school).toMatchObject({
      name: 'La copie',
      subdomain: 'la-copie',
      status: 'active',
      uai: null,
    });
    expect(content.usage).toEqual(before.usage);
    const keys = await t.sql<{ storage_key: string }>(
      `SELECT storage_key FROM ${copy.schemaName}.media_files`,
    );
    for (const { storage_key: key } of keys) expect(key).toContain(tenant_id);
    // The first one is as it was, and stays when the copy goes.
    const removing = await t.services.lifecycle.purge(OPERATOR, tenant_id, 'la-copie');
    await endOfJob(t, removing);
    expect(await contentOf(t, school)).toEqual(before);
  });

  it(
    'is refused an address that is taken, and leaves none behind when it fails',
    { timeout: 60_000 },
    async () => {
      const school = await createSchool(t);
      await fillSchool(t, school, { rows: 200, files: 2 });
      const id = await archived(t, school, { kind: 'export' });
      const admin = await superadmin(t);
      const path = `/tenants/${school.id}/backups/${id}/restore/`;
      expectProblem(await admin.post(path, { mode: 'copy', subdomain: school.subdomain }), {
        code: 'subdomain_taken',
      });
      expectProblem(await admin.post(path, { mode: 'copy' }), { code: 'invalid_input' });
      expectProblem(await admin.post(path, { mode: 'back' }), { code: 'invalid_input' });
      const archive = await archiveOf(id);
      const bytes = readFileSync(archive);
      // Its beginning can be read: that something is missing is found out by the job.
      writeFileSync(archive, bytes.subarray(0, -3_000));
      const { body } = await admin.post(path, { mode: 'copy', subdomain: 'jamais-venue' });
      expect(await endOfJob(t, body.job_id)).toMatchObject({ status: 'failed' });
      // What it began is undone right after it is said to have failed.
      await expect
        .poll(() => t.sql("SELECT FROM public.tenants WHERE subdomain = 'jamais-venue'"))
        .toEqual([]);
      expect(await t.services.storage.list(`mediafiles/tenant_${body.tenant_id}/`)).toEqual([]);
    },
  );
});

describe('a drill', () => {
  it(
    'proves an archive against the school, and says what has changed since',
    { timeout: 60_000 },
    async () => {
      const school = await createSchool(t);
      await fillSchool(t, school, { rows: 30, files: 4 });
      const id = await archived(t, school);
      const schemas = () => t.sql('SELECT nspname FROM pg_namespace ORDER BY 1');
      const before = await schemas();
      const first = await t.services.bundles.verify(OPERATOR, id, school.id, true);
      expect(await endOfJob(t, first.job_id)).toMatchObject({
        status: 'done',
        result: {
          restores: true,
          rows: expect.any(Number),
          tables_changed_since: [],
          compared_with: school.subdomain,
        },
      });
      await t.sql(`DELETE FROM ${school.schemaName}.announcements WHERE pinned`);
      await t.sql(`ALTER TABLE ${school.schemaName}.announcements ADD COLUMN strange text`);
      const second = await t.services.bundles.verify(OPERATOR, id, school.id, true);
      expect(await endOfJob(t, second.job_id)).toMatchObject({ status: 'failed' });
      expect(await schemas()).toEqual(before);
      expect((await t.services.bundles.get(id)).drilled_at).toBeInstanceOf(Date);
    },
  );
});
