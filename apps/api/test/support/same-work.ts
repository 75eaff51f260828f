import { recordStatements } from '../../bench/statements.ts';

/** What a request asks of the database, in order and without its values. Nothing else may be under way in this process. */
export async function workOf(request: () => Promise<unknown>): Promise<string[]> {
  const statements = await recordStatements(request);
  // The feed of changes asks its line now and then.
  return statements.map(({ text }) => text).filter((text) => text !== 'SELECT');
}
