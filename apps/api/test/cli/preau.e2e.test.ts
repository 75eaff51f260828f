import { freshDatabase } from '@preau/testkit/databases';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../support/clients.ts';
import { type Command, preauOn } from '../support/command.ts';
import { createTestApp, type TestApp } from '../support/harness.ts';
import { newTenantBody } from '../support/builders.ts';

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

describe('preau keys', () => {
  it('prints a key once, which creates schools; lists it; revokes it', async () => {
    const made = await preau.process(['keys', 'create', '--platform', '--scope', 'tenants:create', '--json']);
    expect(made).toMatchObject({ code: 0, err: '' });
    const [{ key, prefix, secret }] = made.lines();
    expect(Object.keys(made.lines()[0]).toSorted()).toEqual(['key', 'prefix', 'secret']);
    expect(key).toBe(`${prefix}.${secret}`);
    const program = createClient(t, t.base, { authorization: `Api-Key ${key}` });
    for (const provision_now of [undefined, true]) {
      expect(
        (await program.post('/tenants/', { ...newTenantBody(), ...(provision_now ? { provision_now } : {}) }))
          .status,
      ).toBe(201);
    }
    const listed = await preau('keys', 'list');
    expect(listed.lines()).toMatchObject([{ prefix, scopes: ['tenants:create'] }]);
    expect(listed.out).not.toContain(secret);
    const heard = t.hears('key', prefix);
    // A prefix may begin with a hyphen, which a command would take for an option.
    expect(await preau('keys', 'revoke', '--', prefix)).toMatchObject({ code: 0 });
    await heard;
    expect((await program.post('/tenants/', newTenantBody())).status).toBe(401);
    expect(await preau('keys', 'revoke', '--', prefix)).toMatchObject({ code: 3, out: '' });
  });
});

describe('preau migrate', () => {
  it('brings an empty database up to date, and then has nothing to do', async () => {
    const empty = await freshDatabase();
    const there = preauOn(empty.url);
    const plan = await there('migrate', '--plan');
    expect(plan.code).toBe(0);
    expect(plan.lines()).toEqual([{ schema_name: 'public', subdomain: null, name: null, version: null }]);
    const done = await there('migrate');
    expect(done.code).toBe(0);
    expect(done.lines()).toMatchObject([{ schema_name: 'public', from: null, outcome: 'migrated' }]);
    expect(done.lines()[0].applied.length).toBeGreaterThan(2);
    const again = await there('migrate');
    expect(again).toMatchObject({ code: 0, out: '' });
    expect(again.err).toMatch(/Nothing to do/);
    expect((await there('migrate', '--plan')).out).toBe('');
    await there.close();
    await empty.drop();
  });

  it('goes on past a school that cannot be migrated, and says so with its exit code', async () => {
    const one = await preau('tenants', 'list', '--json');
    const [school] = one.lines().flat();
    const other = one.lines().flat()[1];
    await preau('tenants', 'provision', school.subdomain);
    for (const name of [school.schema_name, other.schema_name])
      while (await t.database.migrator.rollbackLast(name).catch(() => null));
    await t.sql(`CREATE TABLE IF NOT EXISTS ${school.schema_name}.announcements (id int)`);
    const ran = await preau('migrate', '--json');
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/1 of \d+ schemas could not be migrated/);
    expect(ran.lines().filter(({ error }) => error)).toMatchObject([
      { schema_name: school.schema_name, applied: [], outcome: 'failed' },
    ]);
    await t.sql(`DROP TABLE ${school.schema_name}.announcements`);
    expect((await preau('migrate')).code).toBe(0);
  });
});

describe('preau', () => {
  it('helps, and tells its version', async () => {
    const [help, version, tenants, bare] = await Promise.all([
      preau('--help'),
      preau('--version'),
      preau('tenants', 'create', '--help'),
      preau('nonsense'),
    ]);
    expect(help).toMatchObject({ code: 0, err: '' });
    for (const word of ['tenants', 'migrate', 'keys', 'doctor']) expect(help?.out).toContain(word);
    expect(version?.out).toMatch(/^\d+\.\d+\.\d+\n$/);
    for (const flag of [
      '--name',
      '--subdomain',
      '--type',
      '--email',
      '--phone',
      '--address',
      '--postal-code',
      '--city',
      '--provision',
    ]) {
      expect(tenants?.out).toContain(flag);
    }
    expect(bare).toMatchObject({ code: 2, out: '' });
  });

  it('lists every mistake of the environment at once', async () => {
    const wrong = await preau.process(['tenants', 'list'], {
      PORT: 'http',
      PREAU_DEMO: 'maybe',
      DATABASE_URL: 'mysql://x',
    });
    expect(wrong).toMatchObject({ code: 2, out: '' });
    for (const name of ['PORT', 'PREAU_DEMO', 'DATABASE_URL']) expect(wrong.err).toContain(name);
  });

  it('says when the database does not answer', async () => {
    const away = new URL(t.fresh.url);
    away.port = '9';
    const ran = await preau.process(['tenants', 'list'], { DATABASE_URL: away.href });
    expect(ran.code).toBe(1);
    expect(ran.out).toBe('');
    expect(ran.err).toMatch(/^preau: .*(?:ECONNREFUSED|database)/is);
    expect(ran.err).not.toContain(decodeURIComponent(away.password));
  });

  it('the doctor shows the configuration without its secrets, and what is wrong', async () => {
    const well = await preau('doctor', '--json');
    expect(well.code).toBe(0);
    expect(well.out).not.toContain(new URL(t.fresh.url).password);
    expect(well.lines().filter(({ ok }) => ok === false)).toEqual([]);
    expect(well.lines().find(({ name }) => name === 'connections')?.detail).toMatch(
      /^\d+ of \d+ at the server; 10 a process, 5 a school$/,
    );
    const asSuperuser = await preau.process(['doctor', '--json'], {
      DATABASE_URL: t.fresh.adminUrl,
      PREAU_ADMIN_PASSWORD: 'un secret bien gardé',
    });
    expect(asSuperuser.code).toBe(1);
    expect(asSuperuser.out).not.toContain('un secret');
    expect(asSuperuser.lines().find(({ name }) => name === 'role')).toMatchObject({ ok: false });
  });
});
