import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  catalogueDifference,
  createMigrator,
  formatSnapshot,
  loadSnapshot,
  newSchemaName,
  parseSnapshot,
  recordSnapshot,
  type Ladder,
  type Migration,
  type Snapshot,
} from '../src/index.ts';
import { createFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture({ max: 3 });
});
afterAll(() => fixture.close());

const migration = (number: number, up: Migration['up']): Migration => ({
  name: `20260101_00000${number}_step`,
  up,
  down: (trx) => trx.raw('SELECT 1'),
});

/** Looks before it acts, builds queries, names its own schema, and ends statements as people do. */
const ladder: Ladder = {
  digest: 'abc',
  migrations: [
    migration(1, async (trx) => {
      const { rows } = await trx.raw("SELECT to_regclass('rooms') AS found, current_schema() AS schema");
      if (!rows[0].found)
        await trx.raw(`
          CREATE TABLE ${rows[0].schema}.rooms (id int PRIMARY KEY, name text NOT NULL, asked text CHECK (asked <> '\\?'));
          COMMENT ON TABLE rooms IS 'With a ; inside' -- and a remark at the end`);
      await trx.schema.createTable('desks', (table) => {
        table.increments('id');
        table.integer('room_id').references('rooms.id');
      });
    }),
    migration(2, async (trx) => {
      await trx.raw(
        `CREATE FUNCTION shout(words text) RETURNS text LANGUAGE sql AS $$ SELECT upper(words) || '!'; $$;`,
      );
      await trx.raw(`INSERT INTO rooms VALUES (1, 'The first')`);
      await trx.raw('ALTER TABLE rooms ADD COLUMN floor int NOT NULL DEFAULT 0');
    }),
  ],
};

const migratorWith = (tenant: Ladder, snapshot: Snapshot | null) =>
  createMigrator({
    knex: fixture.knex,
    ladders: { public: { digest: 'p', migrations: [] }, tenant },
    snapshot,
  });

/** Builds a school and answers what was sent for it. */
async function build(tenant: Ladder, snapshot: Snapshot | null): Promise<{ name: string; sent: string[] }> {
  const name = newSchemaName();
  const sent: string[] = [];
  await fixture.tenancy.central(async ({ trx }) => {
    trx.on('query', ({ sql }: { sql: string }) => sent.push(sql));
    await migratorWith(tenant, snapshot).buildTenant(trx, name);
  });
  return { name, sent };
}

const schemas = async (): Promise<string[]> =>
  (await fixture.knex.raw(`SELECT nspname FROM pg_namespace WHERE nspname ~ '^t_' ORDER BY 1`)).rows.map(
    ({ nspname }: { nspname: string }) => nspname,
  );

describe('the snapshot of a ladder', () => {
  it('makes at once what the ladder makes step by step, rows too', async () => {
    const snapshot = await recordSnapshot(fixture.knex, ladder);
    const fast = await build(ladder, snapshot);
    const slow = await build(ladder, null);
    // The role, the schema, its tables, its version, the end: however many migrations there are.
    expect(fast.sent).toHaveLength(5);
    expect(slow.sent.length).toBeGreaterThan(9);
    expect(await catalogueDifference(fixture.knex, slow.name, fast.name)).toEqual([]);
    for (const { name } of [fast, slow]) {
      const rows = await fixture.tenancy.read(
        { id: crypto.randomUUID(), schemaName: name },
        async ({ trx }) => (await trx.raw(`SELECT id, name, floor, shout(name) AS loud FROM rooms`)).rows,
      );
      expect(rows).toEqual([{ id: 1, name: 'The first', floor: 0, loud: 'THE FIRST!' }]);
    }
  });

  it('leaves nothing behind where it was made, and names no schema', async () => {
    const before = await schemas();
    const snapshot = await recordSnapshot(fixture.knex, ladder);
    expect(await schemas()).toEqual(before);
    expect(snapshot.text).not.toMatch(/t_[0-9a-f]{16}/);
    expect(snapshot).toMatchObject({ version: '20260101_000002_step', digest: 'abc' });
  });

  it('is not used for another ladder, nor for an earlier version of it', async () => {
    const snapshot = await recordSnapshot(fixture.knex, ladder);
    const more: Ladder = {
      digest: 'abcd',
      migrations: [
        ...ladder.migrations,
        migration(3, (trx: Knex.Transaction) => trx.raw('CREATE TABLE extra (id int PRIMARY KEY)')),
      ],
    };
    expect(migratorWith(ladder, snapshot).snapshotIsCurrent).toBe(true);
    for (const stale of [snapshot, { ...snapshot, digest: 'abcd' }]) {
      expect(migratorWith(more, stale).snapshotIsCurrent).toBe(false);
      const { name } = await build(more, stale);
      const { rows } = await fixture.knex.raw('SELECT tablename FROM pg_tables WHERE schemaname = ?', [name]);
      expect(rows).toContainEqual({ tablename: 'extra' });
    }
  });

  it('is refused for a migration that binds values: each school would get this one’s', async () => {
    const bound: Ladder = {
      digest: 'b',
      migrations: [
        migration(1, async (trx) => {
          await trx.raw('CREATE TABLE ids (id uuid PRIMARY KEY)');
          await trx.raw('INSERT INTO ids VALUES (?)', [crypto.randomUUID()]);
        }),
      ],
    };
    await expect(recordSnapshot(fixture.knex, bound)).rejects.toThrow(/000001_step binds values/);
    await expect(recordSnapshot(fixture.knex, { digest: '', migrations: [] })).rejects.toThrow(
      'without migrations',
    );
  });

  it('is refused when it makes another schema than the ladder', async () => {
    // Each run makes another table: no text of one of them is a text of the other.
    const fickle: Ladder = {
      digest: 'f',
      migrations: [
        migration(1, (trx) =>
          trx.raw(
            `DO $$ BEGIN EXECUTE format('CREATE TABLE %I (id int PRIMARY KEY)', 'at_' || md5(clock_timestamp()::text)); END $$`,
          ),
        ),
      ],
    };
    await expect(recordSnapshot(fixture.knex, fickle)).rejects.toThrow(
      'makes another schema than the ladder',
    );
  });

  it('comes back from its file whole, whatever the line endings, and not at all when somebody edited it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'preau-snapshot-'));
    const path = join(folder, 'snapshot.sql');
    const snapshot = await recordSnapshot(fixture.knex, ladder);
    const text = formatSnapshot(snapshot);
    expect(parseSnapshot(text.replaceAll('\n', '\r\n'))).toEqual(snapshot);
    for (const [written, read] of [
      [text, snapshot],
      [text.replace('rooms', 'roomz'), null],
      [text.replace(/-- text .*/, '<<<<<<< HEAD'), null],
      ['', null],
    ] as const) {
      writeFileSync(path, written);
      expect(await loadSnapshot(path)).toEqual(read);
    }
    rmSync(folder, { recursive: true });
    expect(await loadSnapshot(path)).toBeNull();
  });
});
