import pg from 'pg';

/** Role of the application, and the name of its database: never a superuser, owner of what it makes. */
export const APPLICATION = 'preau';

/** Extensions every database has, in the schema `extensions`, which tenants keep on their path. */
export const EXTENSIONS = ['citext', 'pgcrypto', 'pg_trgm', 'unaccent', 'btree_gist'];

/** Address of a database on this machine. */
export function connectionString(user: string, password: string, port: number, database: string): string {
  return `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

/** Runs `work` on one connection and closes it whatever happens. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // A connection cut by the server while idle is an event; unheard, it would end the process.
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * Creates the role `preau`, or gives it this password again. `client` is a superuser, in any database.
 * Idempotent, and safe to run from several processes at once.
 */
export async function ensureApplicationRole(client: pg.Client, password: string): Promise<void> {
  await client.query(`
    BEGIN;
    SELECT pg_advisory_xact_lock(hashtext('preau application role'));
    DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${APPLICATION}') THEN
        CREATE ROLE ${APPLICATION};
      END IF;
    END $$;
    ALTER ROLE ${APPLICATION} LOGIN NOSUPERUSER NOINHERIT CREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS
      PASSWORD ${pg.escapeLiteral(password)};
    COMMIT;`);
}

/**
 * Prepares the database that `client` (a superuser) is connected to: extensions in a schema of their own,
 * open to all, and `public` closed to everyone but the application. Idempotent.
 */
export async function prepareDatabase(client: pg.Client): Promise<void> {
  const extensions = EXTENSIONS.map((name) => `CREATE EXTENSION IF NOT EXISTS ${name} SCHEMA extensions;`);
  await client.query(`
    BEGIN;
    CREATE SCHEMA IF NOT EXISTS extensions;
    GRANT USAGE ON SCHEMA extensions TO PUBLIC;
    ${extensions.join('\n    ')}
    ALTER SCHEMA public OWNER TO ${APPLICATION};
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
    COMMIT;`);
}

/** Creates the database `preau`, owned by the role, and prepares it. `urlOf` gives a superuser's address of a database. */
export async function ensureApplicationDatabase(
  urlOf: (database: string) => string,
  password: string,
): Promise<void> {
  await withClient(urlOf('postgres'), async (client) => {
    await ensureApplicationRole(client, password);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [APPLICATION]);
    if (!rowCount) await client.query(`CREATE DATABASE ${APPLICATION} OWNER ${APPLICATION}`);
  });
  await withClient(urlOf(APPLICATION), prepareDatabase);
}
