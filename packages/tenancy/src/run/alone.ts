import type { Knex } from 'knex';
import type { Client as PgClient } from 'pg';
import type { ConnectionCare } from './connection-care.ts';

/**
 * Sends one message that needs no transaction around it: all of its statements are kept or none, unless the message has
 * transactions of its own. It leaves no open transaction behind, whether it fails or not, and costs one exchange.
 */
export async function sendAlone(knex: Knex, schemaNames: readonly string[], text: string): Promise<void> {
  const client = knex.client as {
    care: ConnectionCare;
    acquireConnection(): Promise<PgClient>;
    releaseConnection(connection: PgClient): Promise<void>;
  };
  const connection = await client.acquireConnection();
  try {
    for (const schemaName of schemaNames) client.care.noteUse(connection, schemaName);
    await connection.query(text);
  } catch (error) {
    // A transaction of the message's own that failed is still open. A connection that was cut says nothing new.
    await connection.query('ROLLBACK').catch(() => {});
    throw error;
  } finally {
    await client.releaseConnection(connection);
  }
}
