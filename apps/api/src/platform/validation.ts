import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { FastifySchemaCompiler } from 'fastify';
import type { Static, TSchema } from 'typebox';
import type { FieldErrorCode } from '@preau/contracts/error-codes';
import { AppError, type FieldProblem } from './app-error.ts';
import { FORMATS } from './formats.ts';

/** The contracts' formats as Ajv takes them. */
export const FORMATS_BY_NAME = Object.fromEntries(
  Object.entries(FORMATS).map(([name, { test }]) => [name, { type: 'string' as const, validate: test }]),
);
// Bodies say what they mean: "7" is not 7, and a field left out of a PATCH is not its default. A query is text.
const body = new Ajv({ allErrors: true, formats: FORMATS_BY_NAME, strict: false });
const text = new Ajv({
  allErrors: true,
  useDefaults: true,
  coerceTypes: 'array',
  formats: FORMATS_BY_NAME,
  strict: false,
});

const CODES: Record<string, FieldErrorCode> = {
  required: 'required',
  additionalProperties: 'unknown_field',
  type: 'type',
  enum: 'enum',
  const: 'enum',
  minimum: 'minimum',
  maximum: 'maximum',
  minLength: 'min_length',
  maxLength: 'max_length',
  minProperties: 'empty',
  minItems: 'empty',
};

function toProblem(error: ErrorObject): FieldProblem {
  const params = error.params as Record<string, string | string[] | undefined>;
  const parts = error.instancePath.split('/').slice(1);
  if (error.keyword === 'required') parts.push(String(params['missingProperty']));
  if (error.keyword === 'additionalProperties') parts.push(String(params['additionalProperty']));
  const path = parts.map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~')).join('.');
  if (error.keyword === 'format') {
    return {
      path,
      code: FORMATS[String(params['format']) as keyof typeof FORMATS]?.code ?? 'format',
      values: { format: params['format'] },
    };
  }
  if (error.keyword === 'minLength' && (params['limit'] as unknown) === 1) return { path, code: 'blank' };
  return {
    path,
    code: CODES[error.keyword] ?? 'format',
    values: { ...params, allowed: params['allowedValues'] },
  };
}

/** One problem a field: an empty string is blank, not blank and malformed. */
function firstPerPath(problems: FieldProblem[]): FieldProblem[] {
  const seen = new Set<string>();
  return problems.filter(({ path }) => !seen.has(path) && seen.add(path));
}

const refused = (errors: ErrorObject[] | null | undefined) =>
  new AppError('invalid_input', { errors: firstPerPath((errors ?? []).map(toProblem)) });

/** Checks a value that did not come over HTTP by the same schema. Throws `invalid_input`. */
export function validateBody<S extends TSchema>(schema: S, value: unknown): Static<S> {
  const validate = body.compile(schema);
  if (!validate(value)) throw refused(validate.errors);
  const errors = [...unstorablePaths(value)].map((path): FieldProblem => ({ path, code: 'format' }));
  if (errors.length > 0) throw new AppError('invalid_input', { errors });
  return value as Static<S>;
}

/** The same for values that are all text, such as flags of a command. */
export function validateText<S extends TSchema>(schema: S, value: unknown): Static<S> {
  const validate = text.compile(schema);
  if (!validate(value)) throw refused(validate.errors);
  return value as Static<S>;
}

/** Dotted paths of the texts that PostgreSQL cannot hold: with a NUL, or half of a surrogate pair. */
function* unstorablePaths(value: unknown, path = ''): Generator<string> {
  if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed())) yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, entry] of Object.entries(value))
    yield* unstorablePaths(entry, path ? `${path}.${key}` : key);
}

/** An id is one id whatever its case, and caches compare ids as text. */
function foldIds(schema: object, params: Record<string, unknown>): void {
  const { properties = {} } = schema as { properties?: Record<string, { format?: string }> };
  for (const [name, { format }] of Object.entries(properties)) {
    if (format === 'uuid') params[name] = String(params[name]).toLowerCase();
  }
}

/**
 * Compiles the schemas of routes, each when the first value comes: hundreds of them would take their time of every start. A
 * refused value becomes an `invalid_input` that names every field at fault.
 */
export const validatorCompiler: FastifySchemaCompiler<object> = ({ schema, httpPart }) => {
  let compiled: ValidateFunction | undefined;
  return (value: unknown) => {
    const validate = (compiled ??= (httpPart === 'body' ? body : text).compile(schema));
    if (httpPart === 'params') {
      // A malformed id in a path names nothing: there is no such resource.
      if (!validate(value)) return { error: new AppError('not_found') };
      foldIds(schema, value as Record<string, unknown>);
      return { value };
    }
    if (!validate(value)) return { error: refused(validate.errors) };
    const errors = [...unstorablePaths(value)].map((path): FieldProblem => ({ path, code: 'format' }));
    return errors.length > 0 ? { error: new AppError('invalid_input', { errors }) } : { value };
  };
};
