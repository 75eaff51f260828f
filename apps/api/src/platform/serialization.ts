import build from 'fast-json-stringify';
import type { FastifySerializerCompiler } from 'fastify/types/schema.js';
import { FORMATS_BY_NAME } from './validation.ts';

type Write = (value: unknown) => string;

// Answers are not checked against the formats of the contracts; their names must be known all the same.
const OPTIONS = { ajv: { formats: FORMATS_BY_NAME } };
/** By the schema itself: several applications of a process, and routes that answer the same, share one. */
const written = new WeakMap<object, Write>();

function writeOf(schema: object): Write {
  const known = written.get(schema);
  if (known) return known;
  const write = build(schema as never, OPTIONS as never) as unknown as Write;
  written.set(schema, write);
  return write;
}

/**
 * Compiles the schema of an answer when the first such answer is written. Hundreds of routes have some two thousand of them,
 * mostly problems that are never met: compiled ahead they took a third of the time of a start.
 */
export const serializerCompiler: FastifySerializerCompiler<object> = ({ schema }) => {
  let write: Write | undefined;
  return (value: unknown) => (write ??= writeOf(schema))(value);
};
