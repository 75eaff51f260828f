import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture({ max: 3 });
});
afterAll(() => fixture.close());

it('keeps two tenants apart over three shared connections, errors and rollbacks included', async () => {
  const { tenancy, hugo, curie } = fixture;
  const expected = new Map([
    [hugo, 'Pupil of hugo'],
    [curie, 'Pupil of curie'],
  ]);
  const wrong: string[] = [];
  let reads = 0;
  const work = Array.from({ length: 400 }, async (_, index) => {
    const tenant = index % 2 ? hugo : curie;
    try {
      await tenancy[index % 3 ? 'read' : 'write'](tenant, async ({ trx }) => {
        const [first, second] = await Promise.all([
          trx.raw('SELECT name FROM pupils'),
          trx.raw('SELECT current_user AS role'),
        ]);
        reads += 1;
        if (first.rows[0].name !== expected.get(tenant)) wrong.push(first.rows[0].name);
        if (second.rows[0].role !== tenant.schemaName) wrong.push(second.rows[0].role);
        if (index % 5 === 0) await trx.raw('SELECT 1/0');
        if (index % 7 === 0) throw new Error('undo');
      });
    } catch (error) {
      if (!/division by zero|undo/.test(String(error))) throw error;
    }
  });
  await Promise.all(work);
  expect(wrong).toEqual([]);
  expect(reads).toBe(400);
});

it('sends the opening with the first query: three messages a read, none waited for twice', async () => {
  const sent: string[] = [];
  const { knex, tenancy, hugo } = fixture;
  // The driver's own client is watched, below everything that could reorder.
  const client = await knex.client.acquireConnection();
  const query = client.query.bind(client);
  client.query = (config: string | { text: string }, ...rest: unknown[]) => {
    sent.push(typeof config === 'string' ? config : config.text);
    return query(config, ...rest);
  };
  await knex.client.releaseConnection(client);
  await tenancy.read(hugo, ({ trx }) => trx.raw('SELECT 42'));
  await tenancy.read(hugo, ({ trx }) => trx.raw('SELECT 43'));
  expect(sent[0]).toMatch(
    /^BEGIN READ ONLY;SET LOCAL ROLE t_[0-9a-f]{16};SET LOCAL search_path=t_[0-9a-f]{16},extensions;SET LOCAL preau\.tenant_id='/,
  );
  expect(sent.slice(1, 3)).toEqual(['SELECT 42', 'COMMIT']);
});
