import knexModule, { type Knex } from 'knex';
import pg from 'pg';
import { TenancyClient } from './client.ts';
import { CONNECTION_LIMITS, type ConnectionLimits } from './connection-care.ts';

// A date has no time zone: a JavaScript Date would move it by a day west of Greenwich.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

export interface ConnectOptions {
  /** `postgres://` address of the application's role. */
  url: string;
  /** Most connections open at once; 10 unless told. */
  max?: number;
  /** Shown in pg_stat_activity. */
  applicationName?: string;
  /** Milliseconds to wait for a free connection before failing; 5,000 unless told. */
  acquireTimeout?: number;
  /** When a connection is closed instead of being used again; {@link CONNECTION_LIMITS} where nothing is told. */
  limits?: Partial<ConnectionLimits>;
  /** Whether statements are sent without waiting for the answer of the one before; true unless told. COPY cannot be. */
  pipeline?: boolean;
}

/** Opens the pool that {@link createTenancy} works on. Nothing is sent until the first query. */
export function connect(options: ConnectOptions): Knex {
  const limits = { ...CONNECTION_LIMITS, ...options.limits };
  const config: Knex.Config & { connectionLimits: ConnectionLimits } = {
    client: TenancyClient as unknown as typeof Knex.Client,
    connection: {
      connectionString: options.url,
      pipeline: options.pipeline ?? true,
      application_name: options.applicationName ?? 'preau',
      connectionTimeoutMillis: 5_000,
      // A peer that is gone without a word would be waited for without end.
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    } as Knex.PgConnectionConfig,
    acquireConnectionTimeout: options.acquireTimeout ?? 5_000,
    // knex would print them, on standard output, besides rejecting with them.
    log: { warn() {}, error() {} },
    pool: {
      min: 0,
      max: options.max ?? 10,
      propagateCreateError: true,
      maxConnectionLifetimeMillis: limits.maxAge,
      maxConnectionLifetimeJitterMillis: limits.maxAge / 10,
    },
    connectionLimits: limits,
  };
  return knexModule.knex(config);
}
