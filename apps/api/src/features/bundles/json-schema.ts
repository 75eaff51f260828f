import type { ColumnFacts } from '@preau/tenancy';

const FORMATS: readonly [RegExp, object][] = [
  [/\[\]$/, { type: 'array' }],
  [/^uuid$/, { type: 'string', format: 'uuid' }],
  [/^timestamp with time zone/, { type: 'string', format: 'date-time' }],
  [/^date$/, { type: 'string', format: 'date' }],
  [/^(integer|smallint|bigint)$/, { type: 'integer' }],
  [/^(numeric|real|double precision)/, { type: 'number' }],
  [/^boolean$/, { type: 'boolean' }],
  [/^jsonb?$/, {}],
  [/^bytea$/, { type: 'string', pattern: '^\\\\x([0-9a-f]{2})*$' }],
];

function schemaOf({ type, notNull, comment }: ColumnFacts): object {
  const found = FORMATS.find(([pattern]) => pattern.test(type))?.[1] ?? { type: 'string' };
  const base = found as { type?: string };
  return {
    ...base,
    ...(notNull || base.type === undefined ? {} : { type: [base.type, 'null'] }),
    ...(comment === null ? {} : { description: comment }),
    $comment: type,
  };
}

/** The JSON Schema of a line of a table's rows, made from the catalogue. */
export function schemaOfTable(table: string, columns: readonly ColumnFacts[]): string {
  const carried = columns.filter(({ generated }) => !generated);
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: table,
    type: 'object',
    properties: Object.fromEntries(carried.map((column) => [column.column, schemaOf(column)])),
    required: carried.map(({ column }) => column),
    additionalProperties: false,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
