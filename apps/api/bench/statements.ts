import pg from 'pg';

/** What was sent to PostgreSQL in one message. */
export interface Statement {
  text: string;
  values: unknown[];
}

/**
 * Everything this process sends while `work` runs. Peers then run what the product really sends, and cannot go stale.
 * Not for work beside other work.
 */
export async function recordStatements(work: () => Promise<unknown>): Promise<Statement[]> {
  const recorded: Statement[] = [];
  const prototype = pg.Client.prototype as unknown as { query(...args: unknown[]): unknown };
  const original = prototype.query;
  prototype.query = function record(this: unknown, ...args: unknown[]) {
    const [first, second] = args;
    const config =
      typeof first === 'string' ? { text: first } : (first as { text?: string; values?: unknown[] });
    const values = config.values ?? (Array.isArray(second) ? (second as unknown[]) : []);
    if (config.text) recorded.push({ text: config.text, values });
    return original.apply(this, args);
  };
  try {
    await work();
  } finally {
    prototype.query = original;
  }
  return recorded;
}

/** One statement a message. For texts without a semicolon inside a statement. */
export const oneByOne = (statements: readonly Statement[]): Statement[] =>
  statements.flatMap((statement) =>
    statement.values.length > 0
      ? [statement]
      : statement.text
          .split(';')
          .map((text) => text.trim())
          .filter(Boolean)
          .map((text) => ({ text, values: [] })),
  );

const DDL = /(?:^|;)\s*(?:CREATE|ALTER|GRANT|REVOKE|COMMENT ON|SET LOCAL|RESET|DO)\b/i;

/** The messages that define a schema, without the transaction's own and without the product's rows and reads. */
export const ddlOf = (statements: readonly Statement[]): Statement[] =>
  statements.filter(({ text }) => DDL.test(text) && !/^\s*(?:BEGIN|COMMIT)\b/i.test(text));

/** All of it as one message in one transaction. */
export function asBatch(statements: readonly Statement[]): string {
  const texts = statements.map(({ text, values }) => {
    if (values.length > 0) throw new Error(`A batch takes no values, and this statement has some: ${text}`);
    return text.trim().replace(/;$/, '');
  });
  return ['BEGIN', ...texts, 'COMMIT'].join(';\n');
}
