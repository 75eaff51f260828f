import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

const asHugo = (sql: string) =>
  fixture.tenancy.write(fixture.hugo, async ({ trx }) => (await trx.raw(sql)).rows);

describe('a tenant transaction, in SQL', () => {
  it('reads its own tables by their bare names', async () => {
    await expect(asHugo('SELECT name FROM pupils')).resolves.toEqual([{ name: 'Pupil of hugo' }]);
  });

  it.each(['SELECT * FROM', 'DELETE FROM', 'INSERT INTO', 'DROP TABLE'])(
    'cannot %s a table of another tenant',
    async (verb) => {
      const { schemaName } = fixture.curie;
      const sql = `${verb} ${schemaName}.pupils${verb === 'INSERT INTO' ? " VALUES (9, 'x', 1)" : ''}`;
      await expect(asHugo(sql)).rejects.toThrow(/permission denied for schema|must be owner/);
      const { rows } = await fixture.tenancy.read(fixture.curie, ({ trx }) =>
        trx.raw('SELECT name FROM pupils'),
      );
      expect(rows).toEqual([{ name: 'Pupil of curie' }]);
    },
  );

  it.each([
    'SELECT * FROM public.platform_secrets',
    'DELETE FROM public.platform_secrets',
    'CREATE TABLE public.mine (id int)',
    'SELECT * FROM public.schema_versions',
  ])('cannot %s', async (sql) => {
    await expect(asHugo(sql)).rejects.toThrow(/permission denied/);
  });

  it('cannot create a schema, or reach a table that only public has by its bare name', async () => {
    await expect(asHugo('CREATE SCHEMA elsewhere')).rejects.toThrow(/permission denied/);
    await expect(asHugo('SELECT * FROM pages')).rejects.toThrow(/relation "pages" does not exist/);
  });

  it('fails closed when its own table is missing, though public has one of that name', async () => {
    await fixture.tenancy.central(({ trx }) => trx.raw('CREATE TABLE public.pupils_archive (id int)'));
    await expect(asHugo('SELECT * FROM pupils_archive')).rejects.toThrow(/does not exist/);
  });

  it('may not write when it is for reading', async () => {
    const write = fixture.tenancy.read(fixture.hugo, ({ trx }) =>
      trx.raw("INSERT INTO classes VALUES (7, 'x')"),
    );
    await expect(write).rejects.toThrow(/read-only transaction/);
  });

  it('runs under the tenant’s role, path and id', async () => {
    const rows = await asHugo(
      "SELECT current_user AS role, current_setting('search_path') AS path, current_setting('preau.tenant_id') AS id",
    );
    const { schemaName, id } = fixture.hugo;
    expect(rows).toEqual([{ role: schemaName, path: `${schemaName}, extensions`, id }]);
  });
});

describe('the application’s own role', () => {
  it('cannot read a tenant’s data without becoming the tenant', async () => {
    const { schemaName } = fixture.hugo;
    await expect(
      fixture.tenancy.central(({ trx }) => trx.raw(`SELECT * FROM ${schemaName}.pupils`)),
    ).rejects.toThrow(/permission denied/);
    await expect(fixture.knex.raw(`SELECT * FROM ${schemaName}.pupils`)).rejects.toThrow(/permission denied/);
  });

  it('is no superuser', async () => {
    const { rows } = await fixture.knex.raw(
      'SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user',
    );
    expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false }]);
  });
});

it('refuses a reference that could be anything but a schema name and an id', async () => {
  const { id, schemaName } = fixture.hugo;
  const read = (tenant: { id: string; schemaName: string }) => fixture.tenancy.read(tenant, async () => 1);
  await expect(read({ id, schemaName: 'public' })).rejects.toThrow(/Not a tenant schema name/);
  await expect(read({ id, schemaName: `${schemaName}; DROP SCHEMA public` })).rejects.toThrow(
    /Not a tenant schema name/,
  );
  await expect(read({ id: "x'; RESET ROLE; --", schemaName })).rejects.toThrow(/Not a tenant id/);
});
