import type { Knex } from 'knex';
import type { Client as PgClient } from 'pg';

/** The connection that a transaction holds, for what the query builder cannot send: COPY. */
export async function rawLine(trx: Knex.Transaction): Promise<PgClient> {
  const { acquireConnection } = trx.client as { acquireConnection(): Promise<PgClient> };
  return acquireConnection();
}

/** Cuts a line on which nothing else can be said any more; the pool then throws it away. */
export function cutLine(line: PgClient): void {
  const { stream } = (line as unknown as { connection: { stream: { destroy(): void } } }).connection;
  stream.destroy();
}
