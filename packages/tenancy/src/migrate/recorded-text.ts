import type { Knex } from 'knex';
import type { Migration } from './ladder.ts';

/** Would end the transaction that a migration is part of, and leave a school half migrated. */
const TRANSACTION_CONTROL =
  /(?:^|;)\s*(?:BEGIN|START\s+TRANSACTION|COMMIT|END|ROLLBACK|ABORT|SAVEPOINT|RELEASE|PREPARE\s+TRANSACTION)\b/i;

/** Without comments and without texts: a function's body has a BEGIN and an END of its own. */
const bare = (sql: string): string =>
  sql
    .replaceAll(/(\$[a-z_]*\$)[^]*?\1/gi, "''")
    .replaceAll(/'(?:[^']|'')*'/g, "''")
    .replaceAll(/--[^\n]*|\/\*[^]*?\*\//g, ' ');

/** @throws Error for statements that begin or end a transaction. */
export function assertInsideTransaction(sql: string): void {
  if (TRANSACTION_CONTROL.test(bare(sql)))
    throw new Error(
      `A migration is part of one transaction and can neither begin nor end any: ${sql.trim()}`,
    );
}

/**
 * Migrations as one text, made by running them against a recorder that takes plain `raw` statements. A migration that does
 * anything else (binds values, reads, builds queries) has none; it is then run step by step.
 * @throws Error for a migration that begins or ends transactions.
 */
export async function recordedText(
  migrations: readonly Migration[],
  direction: 'up' | 'down',
): Promise<string | null> {
  const statements: string[] = [];
  const recorder = new Proxy(
    {},
    {
      get(_target, name) {
        if (name !== 'raw') throw new NotRecordable();
        return (sql: string, bindings?: unknown) => {
          // knex reads `\?` as a question mark and `?` as a place for a value.
          if (bindings !== undefined || /(?<!\\)\?/.test(sql)) throw new NotRecordable();
          assertInsideTransaction(sql);
          statements.push(sql.replaceAll('\\?', '?').trim().replace(/;$/, ''));
          return Promise.resolve(unreadable);
        };
      },
    },
  ) as Knex.Transaction;
  try {
    for (const migration of migrations) await migration[direction](recorder);
  } catch (error) {
    if (error instanceof NotRecordable) return null;
    throw error;
  }
  // A line of its own for each: one may end in a comment.
  return statements.join('\n;\n');
}

class NotRecordable extends Error {}

/** An answer that nothing may depend on. */
const unreadable = new Proxy(
  {},
  {
    get(_target, name) {
      // A promise is asked for `then` when it resolves.
      if (name === 'then') return undefined;
      throw new NotRecordable();
    },
  },
);
