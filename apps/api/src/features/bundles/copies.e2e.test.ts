import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesOfBundle } from '../../../test/support/bundle-samples.ts';
import { addUser, addMember, createSchool, type School } from '../../../test/support/builders.ts';
import { schoolAdmin } from '../../../test/support/clients.ts';
import { contentOf, fillSchool } from '../../../test/support/filled-school.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { archived, endOfJob } from '../../../test/support/jobs.ts';
import { expectProblem } from '../../../test/support/refusals.ts';
import { OPERATOR } from '../audit/index.ts';

let t: TestApp;
let elsewhere: TestApp;
beforeAll(async () => {
  [t, elsewhere] = await Promise.all([createTestApp({ jobs: [] }), createTestApp({ jobs: [] })]);
});
afterAll(() => Promise.all([t.close(), elsewhere.close()]));

describe('a clone with inventions', () => {
  it('holds no name, address or number of anybody, wherever one looks', { timeout: 60_000 }, async () => {
    const school = await createSchool(t, { phone: '0612345678' });
    await fillSchool(t, school, { rows: 60, files: 6 });
    const person = await addUser(t, 'zephyrine.quintal@laposte.example');
    await t.sql("UPDATE public.users SET full_name = 'Zéphyrine Quintal' WHERE id = $1", [person.id]);
    await addMember(t, school, 'teacher', person);
    await t.sql(
      "UPDATE public.memberships SET phone = '0698765432', title = 'Professeure Quintal' WHERE user_id = $1",
      [person.id],
    );
    await t.sql(
      `INSERT INTO ${school.schemaName}.announcements (id, title, body, author_id, author_name)
       VALUES (gen_random_uuid(), 'De Zéphyrine Quintal', 'Appelez le 0698765432 ou zephyrine.quintal@laposte.example', $1, 'Zéphyrine Quintal')`,
      [person.id],
    );
    const { job_id, tenant_id } = await t.services.bundles.clone(OPERATOR, school.id, {
      subdomain: 'inventee',
      scrub: true,
    });
    expect(await endOfJob(t, job_id)).toMatchObject({ status: 'done', failure: null });

    const [clone] = await t.sql<{ schema_name: string }>(
      'SELECT schema_name FROM public.tenants WHERE id = $1',
      [tenant_id],
    );
    const schema = clone?.schema_name ?? '';
    const tables = await t.sql<{ name: string }>(
      "SELECT relname AS name FROM pg_class WHERE relnamespace = $1::text::regnamespace AND relkind = 'r'",
      [schema],
    );
    const shared = [
      `SELECT t::text AS line FROM public.tenants t WHERE id = '${tenant_id}'`,
      `SELECT m::text AS line FROM public.memberships m WHERE tenant_id = '${tenant_id}'`,
      `SELECT u.email || u.full_name || u.id AS line FROM public.users u JOIN public.memberships m ON m.user_id = u.id WHERE tenant_id = '${tenant_id}'`,
      `SELECT v::text AS line FROM public.theme_versions v WHERE tenant_id = '${tenant_id}'`,
      `SELECT d::text AS line FROM public.theme_drafts d WHERE tenant_id = '${tenant_id}'`,
    ];
    const texts: string[] = [];
    for (const query of [
      ...shared,
      ...tables.map(({ name }) => `SELECT r::text AS line FROM ${schema}.${name} r`),
    ])
      texts.push(...(await t.sql<{ line: string }>(query)).map(({ line }) => line));
    const { members } = await contentOf(t, school);
    const originals = [
      ...members.flatMap(({ id, email, full_name: name }) => [String(id), String(email), String(name)]),
      '0698765432',
      '0612345678',
      'Quintal',
      'contact@lycee-hugo.fr',
      '123 rue Victor Hugo',
    ];
    expect(texts.length).toBeGreaterThan(60);
    const all = texts.join('\n').toLowerCase();
    expect(originals.filter((original) => all.includes(original.toLowerCase()))).toEqual([]);
    // The same person is the same invention everywhere, with a role and texts of their own.
    const [written] = await t.sql<{ author_name: string; full_name: string }>(
      `SELECT a.author_name, u.full_name FROM ${schema}.announcements a JOIN public.users u ON u.id = a.author_id
       JOIN public.memberships m ON m.user_id = u.id AND m.role = 'teacher' LIMIT 1`,
    );
    expect(written?.author_name).toBe(written?.full_name);
    const files = Object.values((await contentOf(t, { id: tenant_id, schemaName: schema })).files);
    expect(files.filter((sum) => Object.values(members).includes(sum as never))).toEqual([]);
    expect(await t.sql("SELECT FROM public.bundles WHERE cause = 'clone'")).toEqual([]);
  });
});

describe('an export', () => {
  it('taken in elsewhere and exported again is the same, byte for byte', { timeout: 60_000 }, async () => {
    const school = await createSchool(t);
    await fillSchool(t, school, { rows: 50, files: 12 });
    const first = await bytesOfBundle(t, school, await archived(t, school, { kind: 'export' }));
    const again = await bytesOfBundle(t, school, await archived(t, school, { kind: 'export' }));
    expect(again.equals(first)).toBe(true);

    const taken = await elsewhere.services.bundles.takeIn(OPERATOR, Readable.from([first]), undefined);
    expect(taken.tenant_id).toBe(school.id);
    expect(await endOfJob(elsewhere, taken.job_id)).toMatchObject({ status: 'done', failure: null });
    const [row] = await elsewhere.sql<{ schema_name: string }>(
      'SELECT schema_name FROM public.tenants WHERE id = $1',
      [school.id],
    );
    const there: School = { ...school, schemaName: row?.schema_name ?? '' };
    const second = await bytesOfBundle(
      elsewhere,
      there,
      await archived(elsewhere, there, { kind: 'export' }),
    );
    expect(second.equals(first)).toBe(true);
    const { school: description, members, files, looks, rows } = await contentOf(elsewhere, there);
    const before = await contentOf(t, school);
    expect({ members, files, looks, rows }).toEqual({
      members: before.members,
      files: before.files,
      looks: before.looks,
      rows: before.rows,
    });
    expect(description).toMatchObject({
      name: before.school?.['name'],
      status: 'active',
      subdomain: school.subdomain,
    });
  });

  it(
    'makes somebody who has an account here a member, and nobody else of whoever has that id',
    { timeout: 60_000 },
    async () => {
      const school = await createSchool(t);
      const person = await addMember(t, school, 'admin');
      await t.sql(
        `INSERT INTO ${school.schemaName}.announcements (id, title, body, author_id, author_name) VALUES (gen_random_uuid(), 'a', 'b', $1, 'c')`,
        [person.id],
      );
      const archive = await bytesOfBundle(t, school, await archived(t, school, { kind: 'export' }));
      const known = await addUser(elsewhere, person.email);
      // Somebody else has the id that the archive tells.
      const other = await addUser(elsewhere, 'quelqu.un@example.org');
      await elsewhere.sql('UPDATE public.users SET id = $1 WHERE id = $2', [person.id, other.id]);
      const { job_id, tenant_id } = await elsewhere.services.bundles.takeIn(
        OPERATOR,
        Readable.from([archive]),
        'accueillie',
      );
      expect(await endOfJob(elsewhere, job_id)).toMatchObject({ status: 'done', failure: null });
      expect(
        await elsewhere.sql('SELECT user_id, role FROM public.memberships WHERE tenant_id = $1', [tenant_id]),
      ).toEqual([{ user_id: known.id, role: 'admin' }]);
      const [row] = await elsewhere.sql<{ schema_name: string }>(
        'SELECT schema_name FROM public.tenants WHERE id = $1',
        [tenant_id],
      );
      expect(await elsewhere.sql(`SELECT author_id FROM ${row?.schema_name}.announcements`)).toEqual([
        { author_id: known.id },
      ]);
    },
  );

  it('is made and taken by a school’s own administrator, and put down', { timeout: 60_000 }, async () => {
    const school = await createSchool(t);
    const head = await schoolAdmin(t, school);
    const { status, body } = await head.post('/exports/', {});
    expect(status).toBe(201);
    const [job] = await t.sql<{ id: string }>(
      "SELECT id FROM public.jobs WHERE kind = 'bundle.make' AND tenant_id = $1",
      [school.id],
    );
    await endOfJob(t, job?.id ?? '');
    const { results } = (await head.get('/notifications/')).body;
    expect(results).toMatchObject([{ kind: 'bundles.export_ready', path: '/exports', read_at: null }]);
    const file = await head.get(`/exports/${body.id}/content/`);
    expect(file.status).toBe(200);
    expect(file.headers['content-disposition']).toContain(`${school.subdomain}-`);
    const backup = await archived(t, school);
    expectProblem(await head.get(`/exports/${backup}/`), { code: 'not_found' });
    expectProblem(await head.get(`/exports/${backup}/content/`), { code: 'not_found' });
    const [audit] = await t.sql(
      "SELECT action, actor_label FROM audit.log WHERE tenant_id = $1 AND action = 'bundle.download'",
      [school.id],
    );
    expect(audit).toMatchObject({ action: 'bundle.download', actor_label: head.email });
  });
});
