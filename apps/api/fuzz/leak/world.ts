import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPgbouncer } from '@preau/testkit/pgbouncer';
import type { TenantRef } from '@preau/tenancy';
import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import { pino } from 'pino';
import { buildApp } from '../../src/app.ts';
import { openDatabase, type Database } from '../../src/database/database.ts';
import { SYSTEM } from '../../src/features/audit/index.ts';
import { insertMembership, insertUser } from '../../src/features/identity/index.ts';
import { createServices, type Services } from '../../src/services.ts';
import { cutLine, type CutLine } from '../../test/support/cut-line.ts';
import { newTenantBody } from '../../test/support/builders.ts';
import type { Endings } from '../../bench/endings.ts';
import { TABLES } from './models.ts';

export interface FuzzedSchool {
  ref: TenantRef;
  host: string;
  /** Of one of its administrators. */
  cookie: string;
}

/** The product behind a pooler, with lines that can be cut on both of its sides. */
export interface World {
  database: Database;
  app: FastifyInstance;
  schools: FuzzedSchool[];
  /** Between the product and the pooler. */
  line: CutLine;
  /** Between the pooler and the database. */
  serverLine: CutLine;
  /** The last cut that was asked for. */
  cutting: Promise<void>;
  /** The superuser, past all of it. */
  admin: pg.Pool;
}

export interface WorldOptions {
  /** An empty prepared database, as the application's role. */
  url: string;
  /** The same as the superuser. */
  adminUrl: string;
  schools: number;
  /** Connections of the product. */
  poolMax: number;
  /** Connections of the pooler: fewer, so that many share each. */
  poolerSize: number;
  endings: Endings;
  /** A defect put in on purpose. */
  mutate: ((database: Database) => Database) | undefined;
}

const servicesOn = (database: Database, dataDir: string, onError: (error: unknown) => void): Services =>
  createServices(
    {
      base: { scheme: 'http', domain: 'localhost', port: 3000 },
      dataDir,
      jobs: { concurrency: 0, silentSeconds: 15 },
    },
    database,
    onError,
  );

/** Makes the schools straight on the database: what is tried is their use. */
async function makeSchools(url: string, dataDir: string, count: number): Promise<FuzzedSchool[]> {
  const database = await openDatabase({ url });
  try {
    const { error } = await database.migrator.migratePublic();
    if (error) throw new Error(error);
    const services = servicesOn(database, dataDir, () => {});
    const schools: FuzzedSchool[] = [];
    for (let index = 0; index < count; index++) {
      const { tenant } = await services.tenants.create(SYSTEM, newTenantBody({ subdomain: `fuzz-${index}` }));
      await services.provisioning.provision(SYSTEM, tenant.id);
      const ref = { id: tenant.id, schemaName: tenant.schema_name };
      await services.tenancy.write(ref, async ({ trx }) => {
        for (const table of TABLES) await trx.raw(table);
        await trx.raw('INSERT INTO fuzz_counter (id, n, mark) VALUES (1, 0, ?)', [ref.id]);
      });
      const user = {
        id: crypto.randomUUID(),
        email: `admin-${index}@example.org`,
        full_name: 'Camille Dupré',
        password_hash: 'none',
        is_superadmin: false,
      };
      await services.tenancy.central(async ({ trx }) => {
        await insertUser(trx, user);
        await insertMembership(trx, user.id, ref.id, 'admin');
      });
      const host = `fuzz-${index}.localhost`;
      const snapshot = await services.directory.byHost(host);
      const { token } = await services.sessions.open(user as never, 'admin', snapshot, SYSTEM, null);
      schools.push({ ref, host, cookie: `preau_session=${token}` });
    }
    return schools;
  } finally {
    await database.close();
  }
}

/** Starts it all; `endings` stops it. */
export async function createWorld(options: WorldOptions): Promise<World> {
  const { endings } = options;
  const dataDir = mkdtempSync(join(tmpdir(), 'preau-fuzz-files-'));
  endings.add(() => rmSync(dataDir, { recursive: true, force: true }));
  const schools = await makeSchools(options.url, dataDir, options.schools);
  const serverLine = await cutLine(options.url);
  endings.add(() => serverLine.close());
  const pooler = await startPgbouncer({ url: serverLine.url, poolSize: options.poolerSize });
  endings.add(() => pooler.stop());
  const line = await cutLine(pooler.url);
  endings.add(() => line.close());

  const opened = await openDatabase({ url: line.url, max: options.poolMax });
  endings.add(() => opened.close());
  const database = options.mutate?.(opened) ?? opened;
  const services = servicesOn(database, dataDir, () => {});
  const app = await buildApp({
    services,
    secret: 'fuzz',
    loggers: { logger: pino({ level: 'silent' }), access: null },
  });
  endings.add(async () => {
    await app.close();
    await services.lastAccess.close();
  });
  await app.ready();

  const admin = new pg.Pool({ connectionString: options.adminUrl, max: 2 });
  admin.on('error', () => {});
  endings.add(() => admin.end());
  return { database, app, schools, line, serverLine, cutting: Promise.resolve(), admin };
}
