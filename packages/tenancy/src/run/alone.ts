import type { Knex } from 'knex';
import type { Client as PgClient } from 'pg';
import type { ConnectionCare } from './connection-care.ts';

/**
 * Sends one message that is a transaction of its own: PostgreSQL keeps all statements of a message or none. It leaves no open
 * transaction behind, whether it fails or not, and costs one exchange.
 */
export async function sendAlone(knex: Knex, schemaName: string, text: string): Promise<void> {
  const client = knex.client as {
    care: ConnectionCare;
    acquireConnection(): Promise<PgClient>;
    releaseConnection(connection: PgClient): Promise<void>;
  };
  const connection = await client.acquireConnection();
  try {
    client.care.noteUse(connection, schemaName);
    await connection.query(text);
  } finally {
    await client.releaseConnection(connection);
  }
}
