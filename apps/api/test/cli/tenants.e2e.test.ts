import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool } from '../support/builders.ts';
import { visitor } from '../support/clients.ts';
import { type Command, preauOn } from '../support/command.ts';
import { createTestApp, type TestApp } from '../support/harness.ts';
import { stateOf } from '../support/refusals.ts';

let t: TestApp;
let preau: Command;
beforeAll(async () => {
  t = await createTestApp();
  preau = preauOn(t.fresh.url);
});
afterAll(async () => {
  await preau.close();
  await t.close();
});

/** The seed's own words, all but the name of the command. */
const seed = (subdomain: string): string[] => [
  '--name',
  'Lycée Victor Hugo',
  '--subdomain',
  subdomain,
  '--type',
  'lycee',
  '--email',
  'contact@lycee-hugo.fr',
  '--phone',
  '0123456789',
  '--address',
  '123 rue Victor Hugo',
  '--postal-code',
  '75001',
  '--city',
  'Paris',
  '--max-students',
  '1500',
  '--primary-color',
  '#2E7D32',
  '--secondary-color',
  '#1B5E20',
];

describe('the seed’s commands', () => {
  it('create_tenant enters and opens a school, which serves its theme', async () => {
    const made = await preau.process(['create_tenant', ...seed('lycee-hugo'), '--provision']);
    expect(made.err).toMatch(/created/);
    expect(made.code).toBe(0);
    const [school] = made.lines();
    expect(school).toMatchObject({
      subdomain: 'lycee-hugo',
      status: 'active',
      max_students: 1500,
      domain_url: 'http://lycee-hugo.localhost:3000',
      first_admin: { email: 'contact@lycee-hugo.fr' },
    });
    const theme = await visitor(t, 'lycee-hugo.localhost').get('/current-tenant/theme/');
    expect(theme.body).toMatchObject({
      school_name: 'Lycée Victor Hugo',
      primary_color: '#2E7D32',
      secondary_color: '#1B5E20',
    });
    const rows = await t.sql(
      'SELECT actor_type, action FROM public.audit_log WHERE tenant_id = $1 ORDER BY seq',
      [school.id],
    );
    expect(rows[0]).toEqual({ actor_type: 'operator', action: 'tenant.create' });
  });

  it('list_tenants prints a table, CSV or JSON, in short or in detail', async () => {
    await createSchool(t, { subdomain: 'csv', school_name: '=HYPERLINK("x"), "école"', provisioned: false });
    const [table, csv, json, lines] = await Promise.all([
      preau('list_tenants', '--detailed', '--format', 'table'),
      preau('list_tenants', '--format', 'csv'),
      preau('list_tenants', '--detailed', '--format', 'json'),
      preau('list_tenants', '--detailed'),
    ]);
    for (const { code, err } of [table, csv, json, lines])
      expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(table?.out).toMatch(/Lycée Victor Hugo/);
    expect(table?.out).toMatch(/t_[0-9a-f]{16}/);
    const [head, ...rows] = csv?.out.trim().split('\n') ?? [];
    expect(head).toBe('subdomain,name,type,status,address');
    expect(rows.find((row) => row.startsWith('csv,'))).toBe(
      `csv,"'=HYPERLINK(""x""), ""école""",lycee,pending,http://csv.localhost:3000`,
    );
    expect(json?.lines()).toHaveLength(1);
    expect(json?.lines()[0].map(({ subdomain }: { subdomain: string }) => subdomain)).toContain('lycee-hugo');
    expect(lines?.lines().map(({ subdomain }) => subdomain)).toEqual(
      expect.arrayContaining(['csv', 'lycee-hugo']),
    );
  });

  it('migrate_tenants takes a school by schema, subdomain, id or the seed’s spelling, and refuses one that is none', async () => {
    const school = await createSchool(t, { subdomain: 'to-migrate' });
    await t.database.migrator.rollbackLast(school.schemaName);
    const plan = await preau('migrate_tenants', '--plan', '--schema', school.schemaName);
    const version = t.database.migrator.ladders.tenant.migrations.at(-2)?.name ?? null;
    expect(plan.lines()).toMatchObject([
      { schema_name: school.schemaName, subdomain: 'to-migrate', version },
    ]);
    const done = await preau('migrate_tenants', '--schema', school.schemaName);
    expect(done.code).toBe(0);
    expect(done.lines()).toMatchObject([{ schema_name: school.schemaName, applied: [expect.any(String)] }]);
    for (const name of ['to-migrate', 'to_migrate', 'to-migrate.localhost', school.id]) {
      const again = await preau('migrate_tenants', '--schema', name);
      expect({ name, code: again.code, out: again.out }).toEqual({ name, code: 0, out: '' });
      expect(again.err).toMatch(/Nothing to do/);
    }
    for (const name of ['no-such-school', 't_0123456789abcdef']) {
      const none = await preau('migrate_tenants', '--schema', name);
      expect({ name, code: none.code, out: none.out }).toEqual({ name, code: 3, out: '' });
      expect(none.err).toMatch(/^preau: /);
    }
  });
});

describe('preau tenants', () => {
  it('lives through the life of a school', async () => {
    const made = await preau('tenants', 'create', ...seed('vie'), '--json');
    expect(made.lines()[0]).toMatchObject({ status: 'pending' });
    const { id } = made.lines()[0];
    const opened = await preau('tenants', 'provision', 'vie');
    expect(opened.lines()[0]).toMatchObject({ id, status: 'active' });
    expect(opened.lines()[0].first_admin.invitation_url).toContain('/invitation/');
    const closed = await preau('tenants', 'deactivate', id, '--reason', 'Travaux d’été');
    expect(closed.lines()[0]).toMatchObject({ status: 'inactive', inactive_reason: 'Travaux d’été' });
    const again = await preau('tenants', 'activate', 'vie.localhost');
    expect(again.lines()[0]).toMatchObject({ status: 'active' });
    const [shown, stats, modules, found] = await Promise.all([
      preau('tenants', 'show', 'VIE', '--json'),
      preau('tenants', 'stats', 'vie'),
      preau('tenants', 'modules', 'vie', 'announcements=off'),
      preau('tenants', 'list', '--search', 'vie', '--status', 'active', '--type', 'lycee'),
    ]);
    expect(shown?.lines()[0]).toMatchObject({ id, subdomain: 'vie' });
    expect(stats?.lines()[0]).toMatchObject({
      tenant_id: id,
      total_users: 0,
      tables: expect.arrayContaining([expect.objectContaining({ table: 'announcements' })]),
    });
    expect(modules?.lines()).toMatchObject([{ authentication: true, schools: true, announcements: false }]);
    expect(found?.lines().map(({ subdomain }) => subdomain)).toEqual(['vie']);

    expect((await preau('tenants', 'archive', 'vie')).lines()[0]).toMatchObject({ status: 'archived' });
    expect((await preau('tenants', 'restore', 'vie')).lines()[0]).toMatchObject({ status: 'active' });
    const before = await stateOf(t);
    const unsure = await preau('tenants', 'purge', 'vie', '--confirm', 'via');
    expect(unsure).toMatchObject({ code: 2, out: '' });
    expect(await stateOf(t)).toEqual(before);
    const purged = await preau('tenants', 'purge', 'vie', '--confirm', 'vie');
    expect(purged).toMatchObject({ code: 0 });
    expect(purged.lines()).toEqual([{ purged: true, id }]);
    expect(await preau('tenants', 'show', 'vie')).toMatchObject({ code: 3, out: '' });
  });

  it('closes and reopens many schools at once, and says of each what became of it', async () => {
    const [open, closed] = [await createSchool(t), await createSchool(t)];
    const pending = await createSchool(t, { provisioned: false, subdomain: 'bulk-pending' });
    await preau('tenants', 'deactivate', closed.subdomain, '--reason', 'Incendie');
    const of = (ran: Awaited<ReturnType<Command>>) =>
      Object.fromEntries(ran.lines().map(({ subdomain, outcome }) => [subdomain, outcome]));
    const named = [open, closed, pending].map(({ subdomain }) => subdomain);

    const ran = await preau('tenants', 'bulk', 'deactivate', ...named, '--reason', 'Travaux');
    // One that could not be changed is a failure, and no reason to leave the others.
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/1 changed, 1 as they were, 1 failed/);
    expect(of(ran)).toEqual({
      [open.subdomain]: 'changed',
      [closed.subdomain]: 'unchanged',
      'bulk-pending': 'failed',
    });
    const shown = await preau('tenants', 'show', open.subdomain, '--json');
    expect(shown.lines()[0]).toMatchObject({ status: 'inactive', inactive_reason: 'Travaux' });

    // The named that match, of a school named twice once.
    const back = await preau('tenants', 'bulk', 'activate', ...named, open.id, '--status', 'inactive');
    expect(back.code, back.err).toBe(0);
    expect(of(back)).toEqual({ [open.subdomain]: 'changed', [closed.subdomain]: 'changed' });

    const before = await stateOf(t);
    for (const [code, message, args] of [
      [2, /tenants: .*required/, ['deactivate']],
      [2, /action/, ['archive', open.subdomain]],
      [3, /no school/, ['deactivate', 'nowhere']],
      [4, /[Nn]o school/, ['deactivate', '--search', 'zzzzz']],
    ] as const) {
      const refused = await preau('tenants', 'bulk', ...args);
      expect({ args, code: refused.code, out: refused.out }).toEqual({ args, code, out: '' });
      expect(refused.err).toMatch(message);
    }
    expect(await stateOf(t)).toEqual(before);
  });

  it('says on standard error what is wrong, and with its exit code of what kind', async () => {
    const school = await createSchool(t, { subdomain: 'errors' });
    const before = await stateOf(t);
    const tries: [code: number, message: RegExp, args: string[]][] = [
      [3, /no school/, ['tenants', 'show', 'nowhere']],
      [4, /exists already/, ['tenants', 'provision', 'errors']],
      [4, /Cannot go/, ['tenants', 'activate', school.id]],
      [4, /already in use/, ['create_tenant', ...seed('errors')]],
      [2, /subdomain: .*reserved/s, ['create_tenant', ...seed('www')]],
      [2, /max_students/, ['create_tenant', ...seed('x-y'), '--max-students', '0']],
      [2, /max_students/, ['create_tenant', ...seed('x-y'), '--max-students', 'many']],
      [2, /primary_color/, ['create_tenant', ...seed('x-y'), '--primary-color', 'red']],
      [2, /--name/, ['create_tenant', '--subdomain', 'x-y']],
      [2, /format/, ['list_tenants', '--format', 'xml']],
      [2, /status/, ['tenants', 'list', '--status', 'open']],
      [2, /teleport/, ['tenants', 'modules', 'errors', 'teleport=on']],
      [4, /authentication/, ['tenants', 'modules', 'errors', 'authentication=off']],
      [2, /announcements/, ['tenants', 'modules', 'errors', 'announcements=perhaps']],
      [2, /unknown (?:command|option)/, ['tenants', 'explode']],
      [2, /unknown option/, ['tenants', 'list', '--colour', 'red']],
      [2, /--confirm/, ['tenants', 'purge', 'errors']],
      [2, /scope/, ['keys', 'create', '--platform', '--scope', 'moon:walk']],
    ];
    for (const [code, message, args] of tries) {
      const ran = await preau(...args);
      expect({ args, code: ran.code, out: ran.out }).toEqual({ args, code, out: '' });
      expect(ran.err).toMatch(message);
      expect(ran.err).not.toMatch(/\n\s+at /);
    }
    const own = await preau.process(['tenants', 'provision', 'errors']);
    expect(own).toMatchObject({ code: 4, out: '' });
    expect(own.err).toMatch(/^preau: .*exists already/);
    expect(await stateOf(t)).toEqual(before);
  });

  it('speaks the shell’s language', async () => {
    const { err } = await preau.process(['tenants', 'show', 'nowhere'], { LANG: 'fr_FR.UTF-8' });
    expect(err).toMatch(/Aucun établissement/);
  });
});
