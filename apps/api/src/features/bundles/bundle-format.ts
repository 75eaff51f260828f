import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import { SCHOOL_TYPES } from '@preau/contracts/vocabulary';
import type { TableContent } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';

/** The names of the parts, in their order, and what the first and the last of them say. */

export const FORMAT = 'preau-bundle/1';
export const HEADER = 'bundle.json';
export const SCHOOL = 'shared/school.json';
export const SEQUENCES = 'sequences.json';
export const MANIFEST = 'manifest.json';

const name = Type.String({ pattern: '^[a-z_][a-z0-9_]{0,62}$' });

export const Header = Type.Object({
  format: Type.Literal(FORMAT),
  kind: Type.Enum(['backup', 'export']),
  encoding: Type.Enum(['copy', 'ndjson']),
  schema_version: Type.Union([Type.String(), Type.Null()]),
  tables: Type.Array(Type.Object({ name, columns: Type.Array(name) })),
});
export type Header = Static<typeof Header>;

/** What a school says of itself; what the platform decides of it is not part of it. */
export const School = Type.Object({
  id: Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }),
  subdomain: Type.String(),
  name: Type.String(),
  school_type: Type.Enum([...SCHOOL_TYPES]),
  email: Type.String(),
  phone: Type.String(),
  address: Type.String(),
  postal_code: Type.String(),
  city: Type.String(),
  website: Type.Union([Type.String(), Type.Null()]),
  uai: Type.Union([Type.String(), Type.Null()]),
  primary_color: Type.String({ pattern: '^#[0-9A-F]{6}$' }),
  secondary_color: Type.String({ pattern: '^#[0-9A-F]{6}$' }),
  logo_url: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  favicon_url: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  modules_enabled: Type.Record(Type.String(), Type.Boolean()),
  settings: Type.Record(Type.String(), Type.Unknown()),
  created_on: Type.String(),
  /** Of a backup alone. */
  max_students: Type.Optional(Type.Integer({ minimum: 1 })),
  max_storage_gb: Type.Optional(Type.Integer({ minimum: 1 })),
  network_id: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  paid_until: Type.Optional(Type.Union([Type.String(), Type.Null()])),
});
export type School = Static<typeof School>;

export interface Manifest {
  rows: number;
  files: number;
  file_bytes: number;
  /** As PostgreSQL reckons them, apart from how rows are carried. */
  content: TableContent[];
  /** Keys whose bytes were not there. */
  missing: string[];
}

export const damaged = (why: string, cause?: unknown): AppError =>
  new AppError('bundle_damaged', { details: { why }, ...(cause === undefined ? {} : { cause }) });

function parsed(part: string, content: Buffer): unknown {
  try {
    return JSON.parse(content.toString()) as unknown;
  } catch (cause) {
    throw damaged(`${part} is not JSON`, cause);
  }
}

/** @throws AppError `bundle_damaged` */
export function parseHeader(content: Buffer): Header {
  const header = parsed(HEADER, content);
  if (!Value.Check(Header, header)) throw damaged('Its first part is not that of an archive of a school');
  return header;
}

/** @throws AppError `bundle_damaged` */
export function parseSchool(content: Buffer): School {
  const school = parsed(SCHOOL, content);
  if (!Value.Check(School, school)) throw damaged('It does not describe a school');
  return school;
}

export const parseManifest = (content: Buffer): Manifest => parsed(MANIFEST, content) as Manifest;

/** Lines of JSON. */
export function parseLines<T>(part: string, content: Buffer): T[] {
  return content
    .toString()
    .split('\n')
    .filter(Boolean)
    .map((line) => parsed(part, Buffer.from(line)) as T);
}
