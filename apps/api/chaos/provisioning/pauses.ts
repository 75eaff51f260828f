import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { Installation } from '../installation.ts';

/** A point at which a run stops until it is released; nothing in the product knows of it. */
export interface Pause {
  name: string;
  /** Sets the trap. What it answers waits until a run is in it, and lets go of it. */
  set(installation: Installation): Promise<{ caught(): Promise<void>; release(): Promise<void> }>;
}

const WITHIN = 30_000;
const POLL = 5;

async function until(what: string, met: () => Promise<boolean> | boolean): Promise<void> {
  for (const deadline = Date.now() + WITHIN; !(await met()); await delay(POLL))
    if (Date.now() > deadline) throw new Error(`Never came: ${what}`);
}

const waitsFor = async (admin: pg.Pool, table: string): Promise<boolean> =>
  ((await admin.query(`SELECT FROM pg_locks WHERE NOT granted AND relation = $1::regclass`, [table]))
    .rowCount ?? 0) > 0;

/** A lock under which the table can be read but not written. */
async function lockTable(admin: pg.Pool, table: string): Promise<() => Promise<void>> {
  const client = await admin.connect();
  await client.query(`BEGIN; LOCK TABLE ${table} IN SHARE MODE`);
  return async () => {
    await client.query('ROLLBACK');
    client.release();
  };
}

const onTable = (name: string, table: string): Pause => ({
  name,
  async set({ admin }) {
    const release = await lockTable(admin, table);
    return { caught: () => until(`a run that waits for ${table}`, () => waitsFor(admin, table)), release };
  },
});

/** Where nothing but the end of the job is missing: the table of jobs is locked while the run is at its first step. */
const beforeTheEnd: Pause = {
  name: 'end of the job',
  async set({ admin }) {
    const first = await lockTable(admin, 'pg_catalog.pg_authid');
    let second: (() => Promise<void>) | undefined;
    return {
      async caught() {
        await until('a run at its first step', () => waitsFor(admin, 'pg_catalog.pg_authid'));
        second = await lockTable(admin, 'public.jobs');
        await first();
        await until('a run at its end', () => waitsFor(admin, 'public.jobs'));
      },
      release: async () => second?.(),
    };
  },
};

const inStorage: Pause = {
  name: 'storage_prefix',
  async set({ dataDir }) {
    const hold = join(dataDir, 'hold-storage');
    const holding = join(dataDir, 'holding');
    writeFileSync(hold, '');
    return {
      caught: () => until('a run at its storage', () => existsSync(holding)),
      release: async () => {
        for (const file of [hold, holding]) rmSync(file, { force: true });
      },
    };
  },
};

/** One for every step of provisioning, in their order, and for what is before and after them. */
export const PAUSES: readonly Pause[] = [
  onTable('record of the run', 'public.jobs'),
  onTable('role', 'pg_catalog.pg_authid'),
  onTable('schema', 'pg_catalog.pg_namespace'),
  onTable('snapshot', 'pg_catalog.pg_attribute'),
  onTable('snapshot (version)', 'public.schema_versions'),
  onTable('seed_data', 'public.tenant_daily_stats'),
  inStorage,
  onTable('first_admin', 'public.invitations'),
  onTable('activation', 'public.tenants'),
  beforeTheEnd,
];
