import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createChangeFeed, publishChange, type Change, type ChangeFeed } from '../src/index.ts';
import { createFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;
let feed: ChangeFeed;
const changes: Change[] = [];
const gaps = vi.fn();

beforeAll(async () => {
  fixture = await createFixture();
  feed = await createChangeFeed({
    url: fixture.url,
    onChange: (change) => changes.push(change),
    onGap: gaps,
    retryAfter: 20,
  });
});
afterAll(async () => {
  await feed.close();
  await fixture.close();
});

it('hears of a change when it is committed, and not when it is rolled back', async () => {
  await fixture.tenancy
    .central(async ({ trx }) => {
      await publishChange(trx, { kind: 'tenant', id: 'undone' });
      throw new Error('undo');
    })
    .catch(() => {});
  await fixture.tenancy.central(({ trx }) => publishChange(trx, { kind: 'tenant', id: 'done' }));
  await vi.waitFor(() => expect(changes).toEqual([{ kind: 'tenant', id: 'done' }]));
});

it('comes back by itself after it was cut, and says that something may have been missed', async () => {
  const admin = new pg.Client({ connectionString: fixture.adminUrl });
  await admin.connect();
  await admin.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'preau changes' AND datname = current_database()",
  );
  await admin.end();
  await vi.waitFor(() => expect(gaps).toHaveBeenCalledOnce(), { timeout: 5_000 });
  await fixture.tenancy.central(({ trx }) => publishChange(trx, { kind: 'host', id: 'after.example' }));
  await vi.waitFor(() => expect(changes).toContainEqual({ kind: 'host', id: 'after.example' }));
});
