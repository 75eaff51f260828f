import { ERRORS, type ErrorCode } from '@preau/contracts/error-codes';
import { expect } from 'vitest';
import type { Answer } from './clients.ts';
import type { TestApp } from './harness.ts';

// They move because somebody looked, not because something changed.
const MOVING = [
  'sessions',
  'idempotency_keys',
  'api_keys',
  // What was told after an earlier commit may still be on its way.
  'realtime_messages',
  'realtime_presence',
  'realtime_processes',
];
// So does `last_accessed_at` of a school, some seconds after it was used.

/** A digest of every row of the shared tables, the schemas, and the tables of every school, or of the one with this schema. */
export async function stateOf(t: TestApp, schema = '%'): Promise<Record<string, string>> {
  // One small query a table, all within the server: one that unites a thousand is planned for half a second.
  const rows = await t.sql<{ key: string; value: string }>(
    `SELECT schemaname || '.' || tablename AS key,
            md5(query_to_xml(format('SELECT to_jsonb(x) - ''last_accessed_at'' AS r FROM %I.%I x ORDER BY 1',
                                    schemaname, tablename), true, true, '')::text) AS value
       FROM pg_tables
      WHERE (schemaname = 'public' AND NOT tablename = ANY($1)) OR (schemaname LIKE 't\\_%' AND schemaname LIKE $2)
     UNION ALL
     SELECT 'schemas', coalesce(string_agg(nspname, ' ' ORDER BY nspname), '')
       FROM pg_namespace WHERE nspname LIKE 't\\_%'
     UNION ALL
     SELECT 'roles', coalesce(string_agg(rolname, ' ' ORDER BY rolname), '')
       FROM pg_roles WHERE rolname IN (SELECT schema_name FROM public.tenants)`,
    [MOVING, schema],
  );
  return Object.fromEntries(rows.map(({ key, value }) => [key, value]));
}

export interface Refusal {
  code: ErrorCode;
  /** The fields at fault with their codes, when input was refused. */
  errors?: Record<string, string>;
}

/** The answer is a whole problem document with this code and its own status. */
export function expectProblem(answer: Answer, { code, errors }: Refusal): void {
  expect(answer.body, answer.text).toMatchObject({
    type: `/problems/${code}`,
    status: ERRORS[code].status,
    code,
    request_id: answer.headers['x-request-id'],
  });
  expect(answer.status).toBe(ERRORS[code].status);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(answer.body.title).not.toBe('');
  // A placeholder that nothing filled.
  expect(answer.body.detail).not.toMatch(/[{}…]/);
  for (const { message } of answer.body.errors ?? []) expect(message).not.toMatch(/[{}…]/);
  if (errors) {
    const found = (answer.body.errors as { path: string; code: string }[]).map(({ path, code: at }) => [
      path,
      at,
    ]);
    expect(Object.fromEntries(found)).toEqual(errors);
  }
}

/** The request is refused so, and no row, table, schema or role is different after it. */
export async function expectRefusal(
  t: TestApp,
  ask: () => Promise<Answer>,
  refusal: Refusal,
): Promise<Answer> {
  const before = await stateOf(t);
  const answer = await ask();
  expectProblem(answer, refusal);
  expect(await stateOf(t)).toEqual(before);
  return answer;
}
