import { createRequire } from 'node:module';
import type { Writable } from 'node:stream';
import type { Knex } from 'knex';
import type { Client as PgClient } from 'pg';
import {
  CONNECTION_LIMITS,
  createConnectionCare,
  type ConnectionCare,
  type ConnectionLimits,
} from './connection-care.ts';

/**
 * knex's PostgreSQL client with two changes: a transaction may bring its own opening message, which travels with the
 * first query instead of waiting for an answer of its own; and a connection goes back to the pool only when PostgreSQL
 * says that it is outside any transaction.
 *
 * Needs `pipeline: true` in the connection settings (pg 8.23), else the opening costs a round trip.
 */

// knex publishes no types for its inner classes; these are the members used, as of 3.3.
interface KnexTransaction {
  trxClient: { query(connection: PgClient, sql: string): Promise<{ response: { command: string } }> };
  _completed: boolean;
  _resolver(value: unknown): void;
  _rejecter(error: Error): void;
  openingError?: Error;
  begin(connection: PgClient): Promise<unknown>;
  commit(connection: PgClient, value?: unknown): Promise<unknown>;
  rollback(connection: PgClient, error?: Error): Promise<unknown>;
}
interface KnexClient {
  _query(connection: PgClient, query: unknown): Promise<unknown>;
  config: { connectionLimits?: ConnectionLimits };
  pool?: { release(connection: unknown): boolean };
  acquireRawConnection(): Promise<PgClient>;
  validateConnection(connection: PgClient): boolean;
  transaction(container: unknown, config: TransactionConfig | undefined, outerTx: unknown): KnexTransaction;
  releaseConnection(connection: PgClient & { __knex__disposed?: unknown }): Promise<void>;
}
type Constructor<T> = new (...args: never[]) => T;

export interface TransactionConfig extends Knex.TransactionConfig {
  /** Sent instead of `BEGIN`; must begin with it. */
  opening?: string;
  /** The tenant it is for. */
  schemaName?: string;
}

const require = createRequire(import.meta.url);
const PostgresClient = require('knex/lib/dialects/postgres/index.js') as Constructor<KnexClient>;
const PostgresTransaction =
  require('knex/lib/dialects/postgres/execution/pg-transaction.js') as Constructor<KnexTransaction>;

const held = new WeakSet<Writable>();

/**
 * Keeps what is written until the event loop has run what is ready, so that the opening and the queries sent with it leave in
 * one system call: each call costs more than the query's own handling here.
 */
function holdWrites(connection: PgClient): void {
  const { stream } = (connection as unknown as { connection: { stream: Writable } }).connection;
  if (held.has(stream)) return;
  held.add(stream);
  stream.cork();
  setImmediate(() => {
    held.delete(stream);
    stream.uncork();
  });
}

class OpenedTransaction extends (PostgresTransaction as unknown as new (
  ...args: unknown[]
) => KnexTransaction) {
  readonly opening: string | undefined;
  readonly schemaName: string | undefined;
  readonly care: ConnectionCare;

  constructor(
    client: TenancyClient,
    container: unknown,
    config: TransactionConfig | undefined,
    outerTx: unknown,
  ) {
    super(client, container, config, outerTx);
    this.opening = config?.opening;
    this.schemaName = config?.schemaName;
    this.care = client.care;
    // A savepoint that sets a role or a path leaks them into the outer transaction when it is released.
    if (outerTx && this.opening)
      throw new Error('A transaction with an opening cannot be nested in another one');
  }

  override begin(connection: PgClient): Promise<unknown> {
    if (!this.opening) return super.begin(connection);
    this.care.noteUse(connection, this.schemaName);
    holdWrites(connection);
    connection.query(this.opening, (error: Error | null) => {
      if (error) this.openingError = error;
    });
    return Promise.resolve();
  }

  override commit(connection: PgClient, value?: unknown): Promise<unknown> {
    const answered = this.trxClient.query(connection, 'COMMIT');
    this._completed = true;
    return answered.then(
      ({ response }) => {
        // PostgreSQL answers ROLLBACK, and no error, when a statement had failed and the caller swallowed it.
        if (response.command === 'COMMIT') return this._resolver(value);
        const cause = new Error('Rolled back: a statement of the transaction had failed');
        return this._rejecter(this.openingError ?? cause);
      },
      (error: Error) => this._rejecter(error),
    );
  }

  override rollback(connection: PgClient, error?: Error): Promise<unknown> {
    // After a failed opening every later statement says only "current transaction is aborted": give the first cause.
    const cause = this.openingError ?? error;
    if (cause === undefined) return super.rollback(connection);
    // Where the connection is gone the ROLLBACK fails too; what failed first is what the caller must hear.
    const answered = this.trxClient.query(connection, 'ROLLBACK');
    this._completed = true;
    return answered.then(
      () => this._rejecter(cause),
      () => this._rejecter(cause),
    );
  }
}

export class TenancyClient extends (PostgresClient as unknown as new (...args: unknown[]) => KnexClient) {
  // The pool may ask for a connection before the constructor has ended, and copies of this client share its figures.
  declare care: ConnectionCare;
  declare created: number;

  constructor(...args: unknown[]) {
    super(...args);
    this.care = createConnectionCare(this.config.connectionLimits ?? CONNECTION_LIMITS);
    this.created = 0;
  }

  override async acquireRawConnection(): Promise<PgClient> {
    const connection = await super.acquireRawConnection();
    this.created += 1;
    return connection;
  }

  override validateConnection(connection: PgClient): boolean {
    return super.validateConnection(connection) && this.care.mayBeUsed(connection);
  }

  override _query(connection: PgClient, query: unknown): Promise<unknown> {
    holdWrites(connection);
    return super._query(connection, query);
  }

  override transaction(
    container: unknown,
    config: TransactionConfig | undefined,
    outerTx: unknown,
  ): KnexTransaction {
    return new OpenedTransaction(this, container, config, outerTx);
  }

  override releaseConnection(connection: PgClient & { __knex__disposed?: unknown }): Promise<void> {
    // 'I' is idle. Anything else still holds a tenant's role: knex destroys a disposed connection instead of reusing it.
    if (connection.getTransactionStatus() !== 'I') {
      connection.__knex__disposed ??= 'released inside a transaction';
      this.care.noteUnfinished();
    }
    return super.releaseConnection(connection);
  }
}
