import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createFixture, leftOver, type Fixture } from './fixture.ts';

let fixture: Fixture;
let clean: Awaited<ReturnType<typeof leftOver>>;
beforeAll(async () => {
  // One connection: whatever a transaction leaves behind, the next one finds.
  fixture = await createFixture({ max: 1 });
  clean = await leftOver(fixture.knex);
});
afterAll(() => fixture.close());

describe('nothing remains on the pooled connection', () => {
  it('after a commit', async () => {
    await fixture.tenancy.write(fixture.hugo, ({ trx }) => trx.raw('UPDATE pupils SET name = name'));
    await expect(leftOver(fixture.knex)).resolves.toEqual(clean);
  });

  it('after a read, whose COMMIT nobody waits for', async () => {
    await fixture.tenancy.read(fixture.hugo, ({ trx }) => trx.raw('SELECT 1'));
    await expect(leftOver(fixture.knex)).resolves.toEqual(clean);
  });

  it('after a rollback', async () => {
    const failing = fixture.tenancy.write(fixture.hugo, async ({ trx }) => {
      await trx.raw("UPDATE pupils SET name = 'changed'");
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await expect(leftOver(fixture.knex)).resolves.toEqual(clean);
    const { rows } = await fixture.tenancy.read(fixture.hugo, ({ trx }) =>
      trx.raw('SELECT name FROM pupils'),
    );
    expect(rows).toEqual([{ name: 'Pupil of hugo' }]);
  });

  it('after an error in the opening message, whose cause is told', async () => {
    const gone = { id: fixture.hugo.id, schemaName: 't_0000000000000000' };
    for (const open of [fixture.tenancy.read, fixture.tenancy.write]) {
      await expect(open(gone, ({ trx }) => trx.raw('SELECT 1'))).rejects.toThrow(
        /role "t_0000000000000000" does not exist/,
      );
    }
    const after = await leftOver(fixture.knex);
    expect({ ...after, pid: 0 }).toEqual({ ...clean, pid: 0 });
  });

  it('after a statement that broke off half-way', async () => {
    await expect(fixture.tenancy.write(fixture.hugo, ({ trx }) => trx.raw('SELECT 1/0'))).rejects.toThrow(
      /division by zero/,
    );
    await expect(leftOver(fixture.knex)).resolves.toMatchObject({
      role: clean.role,
      search_path: clean.search_path,
      tenant_id: '',
    });
  });

  it('and a write does not pass for committed when an error in it was swallowed', async () => {
    const effect = vi.fn();
    const swallowed = fixture.tenancy.write(fixture.hugo, async ({ trx, afterCommit }) => {
      afterCommit(effect);
      await trx.raw("UPDATE pupils SET name = 'lost'");
      await trx.raw('SELECT 1/0').catch(() => {});
    });
    await expect(swallowed).rejects.toThrow(/Rolled back/);
    expect(effect).not.toHaveBeenCalled();
    await expect(leftOver(fixture.knex)).resolves.toEqual(clean);
  });

  it('when the work ends without a query, even if the opening failed', async () => {
    const gone = { id: fixture.hugo.id, schemaName: 't_0000000000000000' };
    await fixture.tenancy.read(gone, async () => 'no query').catch(() => {});
    await expect(leftOver(fixture.knex)).resolves.toMatchObject({
      role: clean.role,
      search_path: clean.search_path,
    });
  });

  it('when the server ends the connection during the work: the next work gets a new one', async () => {
    const killer = new pg.Client({ connectionString: fixture.adminUrl });
    await killer.connect();
    const cut = fixture.tenancy.write(fixture.hugo, async ({ trx }) => {
      const { rows } = await trx.raw('SELECT pg_backend_pid() AS pid');
      await killer.query('SELECT pg_terminate_backend($1, 5000)', [rows[0].pid]);
      await trx.raw('SELECT 1');
    });
    await expect(cut).rejects.toThrow(/terminat|not queryable/i);
    await killer.end();
    await expect(fixture.tenancy.read(fixture.hugo, ({ trx }) => trx.raw('SELECT 1'))).resolves.toBeDefined();
  });
});

describe('scopes', () => {
  it('refuse to nest, whatever the kinds', async () => {
    const { tenancy, hugo, curie } = fixture;
    const nested = [
      () => tenancy.read(curie, async () => 1),
      () => tenancy.write(hugo, async () => 1),
      () => tenancy.central(async () => 1),
    ];
    for (const inner of nested) {
      await expect(tenancy.write(hugo, inner)).rejects.toThrow(/already open/);
      await expect(tenancy.read(hugo, inner)).rejects.toThrow(/already open/);
      await expect(tenancy.central(inner)).rejects.toThrow(/already open/);
    }
  });

  it('allow a savepoint, which keeps role and path', async () => {
    const names = await fixture.tenancy.write(fixture.hugo, async ({ trx }) => {
      await trx.transaction(async (savepoint) => savepoint.raw("INSERT INTO classes VALUES (50, 'kept')"));
      await trx
        .transaction(async (savepoint) => {
          await savepoint.raw("INSERT INTO classes VALUES (51, 'lost')");
          throw new Error('undo');
        })
        .catch(() => {});
      return (await trx.raw('SELECT name, current_user AS role FROM classes WHERE id >= 50')).rows;
    });
    expect(names).toEqual([{ name: 'kept', role: fixture.hugo.schemaName }]);
  });

  it('are frozen', async () => {
    const frozen = await fixture.tenancy.read(fixture.hugo, async (scope) => Object.isFrozen(scope));
    expect(frozen).toBe(true);
  });

  it('run what follows a commit after it, in order, and never after a rollback', async () => {
    const seen: string[] = [];
    await fixture.tenancy.write(fixture.hugo, async ({ trx, afterCommit }) => {
      afterCommit(() => void seen.push('first'));
      afterCommit(() => {
        throw new Error('effect');
      });
      afterCommit(async () => void seen.push('second'));
      await trx.raw('SELECT 1');
      seen.push('work');
    });
    await fixture.tenancy
      .write(fixture.hugo, async ({ afterCommit }) => {
        afterCommit(() => void seen.push('never'));
        throw new Error('no');
      })
      .catch(() => {});
    expect(seen).toEqual(['work', 'first', 'second']);
    expect(fixture.effectErrors).toEqual([new Error('effect')]);
  });
});

describe('forEach', () => {
  it('works on every tenant, goes on past a failure and collects it', async () => {
    const { tenancy, hugo, curie } = fixture;
    const gone = { id: hugo.id, schemaName: 't_0000000000000000' };
    const seen: string[] = [];
    const failures = await tenancy.forEach([hugo, gone, curie], async ({ trx, tenant }) => {
      await trx.raw('SELECT 1 FROM pupils');
      seen.push(tenant.schemaName);
    });
    expect(seen.toSorted()).toEqual([hugo.schemaName, curie.schemaName].toSorted());
    expect(failures).toMatchObject([
      { tenant: gone, error: { message: expect.stringContaining('does not exist') } },
    ]);
  });
});
