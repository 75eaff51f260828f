import { Type, type Static, type TSchema, type TUnsafe } from 'typebox';

/** Atoms that the feature contracts are composed from. */

export const Uuid = Type.String({ format: 'uuid', description: 'UUID (version 7 when made here)' });
export const DateTime = Type.String({ format: 'date-time', description: 'ISO 8601 with offset' });
export const DateOnly = Type.String({ format: 'date', description: 'YYYY-MM-DD' });
export const Email = Type.String({ format: 'email', maxLength: 254 });
export const Url = Type.String({ format: 'http-url', maxLength: 500 });
export const Colour = Type.String({ format: 'color', description: '#RRGGBB' });
export const Phone = Type.String({ format: 'phone', maxLength: 30, description: 'French or E.164 number' });
export const Uai = Type.String({
  format: 'uai',
  description: 'French school identifier: 7 digits and a check letter',
});
export const Subdomain = Type.String({
  format: 'subdomain',
  description: 'One DNS label, folded to lower case',
});
export const Domain = Type.String({
  format: 'domain',
  maxLength: 260,
  description: 'Host name without scheme, port or path',
});
/** A type array rather than `anyOf`, so that a wrong value gives one error and not three. */
export function Nullable<T extends TSchema>(schema: T): TUnsafe<Static<T> | null> {
  const type = (schema as { type?: string }).type;
  return type === undefined || type === 'object'
    ? Type.Unsafe<Static<T> | null>({ anyOf: [schema, { type: 'null' }] })
    : Type.Unsafe<Static<T> | null>({ ...schema, type: [type, 'null'] });
}

export const Id = Type.Object({ id: Uuid }, { additionalProperties: false });

export const PageQuery = {
  page: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000, default: 1 })),
  page_size: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
};

/** `{count, next, previous, results}`: a page of a list. */
export const Page = <T extends TSchema>(item: T) =>
  Type.Object({
    count: Type.Integer(),
    next: Nullable(Type.String()),
    previous: Nullable(Type.String()),
    results: Type.Array(item),
  });

export const FieldError = Type.Object({
  path: Type.String({ description: 'Dotted path of the field; empty for the body itself' }),
  code: Type.String(),
  message: Type.String(),
});

/** RFC 9457 problem details. */
export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String(),
    request_id: Type.String(),
    errors: Type.Optional(Type.Array(FieldError)),
  },
  { additionalProperties: true, description: 'application/problem+json (RFC 9457)' },
);
export type Problem = Static<typeof Problem>;
