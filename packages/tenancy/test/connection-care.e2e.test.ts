import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, createTenancy, TenantBusyError, type Tenancy, type TenantRef } from '../src/index.ts';
import { createFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture({ max: 2 });
});
afterAll(() => fixture.close());

const pid = (tenancy: Tenancy, tenant: TenantRef): Promise<number> =>
  tenancy.write(tenant, async ({ trx }) => (await trx.raw('SELECT pg_backend_pid() AS pid')).rows[0].pid);

async function withLimits(
  limits: Parameters<typeof connect>[0]['limits'],
  work: (tenancy: Tenancy) => Promise<void>,
): Promise<void> {
  const knex = connect({ url: fixture.url, max: 1, ...(limits ? { limits } : {}) });
  try {
    await work(createTenancy({ knex }));
  } finally {
    await knex.destroy();
  }
}

describe('a connection is replaced', () => {
  it('after so many transactions', () =>
    withLimits({ maxUses: 3 }, async (tenancy) => {
      const pids: number[] = [];
      for (let i = 0; i < 7; i++) pids.push(await pid(tenancy, fixture.hugo));
      expect(new Set(pids.slice(0, 3)).size).toBe(1);
      expect(new Set(pids).size).toBe(3);
      expect(tenancy.pool.stats()).toMatchObject({ created: 3, open: 1, retired: { uses: 2, tenants: 0 } });
    }));

  it('after so many tenants, each of which it keeps something of', () =>
    withLimits({ maxTenants: 2 }, async (tenancy) => {
      const { hugo, curie } = fixture;
      const alone = [await pid(tenancy, hugo), await pid(tenancy, hugo), await pid(tenancy, hugo)];
      expect(new Set(alone).size).toBe(1);
      expect(await pid(tenancy, curie)).toBe(alone[0]);
      expect(await pid(tenancy, curie)).not.toBe(alone[0]);
      expect(tenancy.pool.stats()).toMatchObject({ created: 2, retired: { tenants: 1, uses: 0 } });
    }));

  it('when it is old', () =>
    withLimits({ maxAge: 1 }, async (tenancy) => {
      const first = await pid(tenancy, fixture.hugo);
      const second = await tenancy.write(fixture.hugo, async ({ trx }) => {
        const { rows } = await trx.raw('SELECT pg_backend_pid() AS pid, pg_sleep(0.01)');
        return rows[0].pid as number;
      });
      expect(await pid(tenancy, fixture.hugo)).not.toBe(second);
      expect(first).toBeGreaterThan(0);
    }));
});

describe('the bounds of a transaction', () => {
  it('are its own: a lock, a statement, a silence', async () => {
    const shown = await fixture.tenancy.read(fixture.hugo, ({ trx }) =>
      trx.raw(`SELECT current_setting('lock_timeout') AS lock, current_setting('statement_timeout') AS statement,
                 current_setting('idle_in_transaction_session_timeout') AS silence`),
    );
    expect(shown.rows).toEqual([{ lock: '5s', statement: '30s', silence: '1min' }]);
    const after = await fixture.knex.raw(
      `SELECT current_setting('lock_timeout') AS lock, current_setting('statement_timeout') AS statement,
         current_setting('idle_in_transaction_session_timeout') AS silence`,
    );
    expect(after.rows).toEqual([{ lock: '0', statement: '0', silence: '0' }]);
  });

  it('end a transaction that says nothing, and free its locks', async () => {
    const { tenancy, hugo } = fixture;
    const silent = tenancy.write(hugo, async ({ trx }) => {
      await trx.raw("UPDATE pupils SET name = name; SET LOCAL idle_in_transaction_session_timeout='20ms'");
      // Another connection notices that the row is free, since the first one says nothing any more.
      await fixture.knex.transaction(async (other) => {
        await other.raw(
          `SET LOCAL ROLE ${hugo.schemaName}; SELECT 1 FROM ${hugo.schemaName}.pupils FOR UPDATE`,
        );
      });
      await trx.raw('SELECT 1');
    });
    await expect(silent).rejects.toThrow(/idle-in-transaction|terminat|not queryable/i);
  });
});

describe('a tenant that holds its share of the pool', () => {
  it('is refused after its patience, while another is served at once', async () => {
    const { hugo, curie } = fixture;
    const knex = connect({ url: fixture.url, max: 3 });
    const tenancy = createTenancy({ knex, share: { perTenant: 1 }, patience: 50 });
    let finish = (): void => {};
    const held = new Promise<void>((resolve) => (finish = resolve));
    const slow = tenancy.write(hugo, async ({ trx }) => {
      await trx.raw('SELECT 1');
      await held;
    });
    const second = tenancy.write(hugo, ({ trx }) => trx.raw('SELECT 1')).catch((error: unknown) => error);
    await expect(pid(tenancy, curie)).resolves.toBeGreaterThan(0);
    expect(await second).toBeInstanceOf(TenantBusyError);
    expect(tenancy.pool.stats()).toMatchObject({ tenants: { running: 1, waiting: 0, refused: 1 } });
    finish();
    await slow;
    await expect(pid(tenancy, hugo)).resolves.toBeGreaterThan(0);
    expect(tenancy.pool.stats().tenants.running).toBe(0);
    await knex.destroy();
  });

  it('gives its place back whatever ends the work', async () => {
    const { tenancy, hugo } = fixture;
    const gone = { id: hugo.id, schemaName: 't_0000000000000000' };
    for (const kind of ['read', 'write'] as const) {
      await tenancy[kind](hugo, () => Promise.reject(new Error('no'))).catch(() => {});
      await tenancy[kind](hugo, ({ trx }) => trx.raw('SELECT 1/0')).catch(() => {});
      await tenancy[kind](gone, ({ trx }) => trx.raw('SELECT 1')).catch(() => {});
      await tenancy[kind](hugo, async () => tenancy.read(hugo, async () => 1)).catch(() => {});
      await tenancy[kind](hugo, async () => 1);
    }
    // The place of a read comes back with its connection, after its answer.
    await tenancy.central(({ trx }) => trx.raw('SELECT 1'));
    await expect.poll(() => tenancy.pool.stats().tenants.running).toBe(0);
  });
});
