import { randomBytes } from 'node:crypto';
import { APPLICATION, prepareDatabase, withClient } from '@preau/postgres-launcher';
import { inject } from 'vitest';
import './postgres-global-setup.ts';

/** A state to start from, built once in a run whatever the number of test files that ask for it. */
export interface DatabaseTemplate {
  /** Same name, same content: lower case letters, digits, underscore. */
  name: string;
  /** Fills an empty prepared database as the role `preau`, or as the superuser; must close its connections. */
  build(url: string, adminUrl: string): Promise<void>;
}

export interface FreshDatabase {
  /** As the role `preau`, its owner. */
  url: string;
  /** As the superuser, in this database. */
  adminUrl: string;
  name: string;
  /** Cuts whoever is still connected. */
  drop(): Promise<void>;
}

function inDatabase(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.href;
}

/** Runs `build` in a new database and gives it its name at the end: half a template is never found. */
async function ensureTemplate(
  name: string,
  source: string,
  build: (database: string) => Promise<void>,
): Promise<void> {
  await withClient(inject('adminUrl'), async (client) => {
    // Held by the session: the build itself goes over other connections.
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [name]);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount) return;
    const draft = `${name}_draft`;
    await client.query(`DROP DATABASE IF EXISTS "${draft}" WITH (FORCE)`);
    await client.query(`CREATE DATABASE "${draft}" TEMPLATE "${source}" OWNER ${APPLICATION}`);
    await build(draft);
    // A pool that was told to end may still be saying good-bye, and a rename wants nobody inside.
    await client.query('SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1', [
      draft,
    ]);
    await client.query(`ALTER DATABASE "${draft}" RENAME TO "${name}"`);
  });
}

/**
 * A database for one test file: owned by `preau`, with the schema `extensions` and a closed `public`,
 * and with what the template holds. Needs the global setup of this package.
 * Rejects with whatever the template's `build` rejects with.
 */
export async function freshDatabase(options: { template?: DatabaseTemplate } = {}): Promise<FreshDatabase> {
  const adminUrl = inject('adminUrl');
  const prefix = `preau_test_${inject('runId')}_`;
  const base = `${prefix}base`;
  const { template } = options;
  await ensureTemplate(base, 'template0', (database) =>
    withClient(inDatabase(adminUrl, database), prepareDatabase),
  );
  if (template) {
    await ensureTemplate(`${prefix}tpl_${template.name}`, base, (database) =>
      template.build(inDatabase(inject('appUrl'), database), inDatabase(adminUrl, database)),
    );
  }
  const source = template ? `${prefix}tpl_${template.name}` : base;
  const name = `${prefix}${randomBytes(5).toString('hex')}`;
  await withClient(adminUrl, (client) =>
    client.query(`CREATE DATABASE "${name}" TEMPLATE "${source}" OWNER ${APPLICATION}`),
  );
  return {
    name,
    url: inDatabase(inject('appUrl'), name),
    adminUrl: inDatabase(adminUrl, name),
    async drop() {
      await withClient(adminUrl, (client) => client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`));
    },
  };
}
