import type { Knex } from 'knex';
import type { Ladder } from './ladder.ts';

/**
 * The whole ladder as one text, for a schema that has nothing yet: one message instead of one a statement.
 *
 * Made by running the migrations against a recorder that takes plain `raw` statements. A ladder with a migration that does
 * anything else (binds values, reads, builds queries) has no batch; it is then run step by step.
 */
export async function batchOf(ladder: Ladder): Promise<string | null> {
  const statements: string[] = [];
  const recorder = new Proxy(
    {},
    {
      get(_target, name) {
        if (name !== 'raw') throw new NotRecordable();
        return (sql: string, bindings?: unknown) => {
          if (bindings !== undefined) throw new NotRecordable();
          statements.push(sql.trim().replace(/;$/, ''));
          return Promise.resolve(unreadable);
        };
      },
    },
  ) as Knex.Transaction;
  try {
    for (const migration of ladder.migrations) await migration.up(recorder);
  } catch (error) {
    if (error instanceof NotRecordable) return null;
    throw error;
  }
  return statements.join(';\n');
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
