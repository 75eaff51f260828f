import {
  connect,
  createBundler,
  createMigrator,
  createTenancy,
  loadLadder,
  loadSnapshot,
  type Bundler,
  type Ladder,
  type Migrator,
  type SchemaReport,
  type Tenancy,
} from '@preau/tenancy';
import { APPLICATION, withClient } from '@preau/postgres-launcher';
import type { Knex } from 'knex';
import { fileURLToPath } from 'node:url';
import { keepAuditText, releaseAuditText } from './audit-keeper.ts';
import { migrateQueue } from './queue.ts';

export interface Database {
  knex: Knex;
  tenancy: Tenancy;
  migrator: Migrator;
  /** Reads and builds whole schools, on connections of its own. */
  bundler: Bundler;
  url: string;
  /** Past any transaction pooler, for the feed of changes and the queue: both LISTEN. */
  directUrl: string;
  close(): Promise<void>;
}

const ladderFolder = (name: 'public' | 'tenant') =>
  fileURLToPath(new URL(`./migrations/${name}`, import.meta.url));

/** The shared tables; where a superuser is at hand the audit trail is the application's meanwhile, and only meanwhile. */
async function migrateKept(migrator: Migrator, adminUrl: string | undefined): Promise<SchemaReport> {
  if (adminUrl === undefined) return migrator.migratePublic();
  const asSuperuser = (text: string) => withClient(adminUrl, (client) => client.query(text));
  // Asked of a database without any table, this fails.
  const current = await migrator.publicIsCurrent().catch(() => false);
  if (!current) await asSuperuser(releaseAuditText(APPLICATION));
  const report = await migrator.migratePublic();
  if (!report.error) await asSuperuser(keepAuditText(APPLICATION));
  return report;
}

/** The shared tables, and the queue's, which its library keeps a ladder of its own for. */
async function migrateShared(
  migrator: Migrator,
  knex: Knex,
  url: string,
  adminUrl: string | undefined,
): Promise<SchemaReport> {
  const report = await migrateKept(migrator, adminUrl);
  if (report.error) return report;
  try {
    await migrateQueue(knex, url);
    return report;
  } catch (error) {
    return { ...report, error: error instanceof Error ? error.message : String(error) };
  }
}

/** The ladder of schools as one text: see `preau fleet snapshot`. */
export const SNAPSHOT_FILE = fileURLToPath(new URL('./migrations/tenant-snapshot.sql', import.meta.url));

/** Both ladders, as the migration files have them. */
export async function loadLadders(): Promise<{ public: Ladder; tenant: Ladder }> {
  const [shared, tenant] = await Promise.all([
    loadLadder(ladderFolder('public')),
    loadLadder(ladderFolder('tenant')),
  ]);
  return { public: shared, tenant };
}

/** Opens the pool and builds the kernel on it. Connects to nothing yet. */
export async function openDatabase(options: {
  url: string;
  directUrl?: string | undefined;
  /** The same database as a superuser, where one is at hand: the audit trail is kept from the application then. */
  adminUrl?: string | undefined;
  max?: number;
  applicationName?: string;
  onEffectError?: (error: unknown) => void;
}): Promise<Database> {
  const [ladders, snapshot] = await Promise.all([loadLadders(), loadSnapshot(SNAPSHOT_FILE)]);
  const knex = connect(options);
  const migrator = createMigrator({ knex, ladders, snapshot });
  const directUrl = options.directUrl ?? options.url;
  const bundler = createBundler({ url: directUrl, ladder: ladders.tenant, snapshot });
  return {
    knex,
    tenancy: createTenancy({
      knex,
      ...(options.onEffectError ? { onEffectError: options.onEffectError } : {}),
    }),
    migrator: {
      ...migrator,
      migratePublic: () => migrateShared(migrator, knex, directUrl, options.adminUrl),
    },
    bundler,
    url: options.url,
    directUrl,
    async close() {
      await Promise.all([knex.destroy(), bundler.close()]);
    },
  };
}
