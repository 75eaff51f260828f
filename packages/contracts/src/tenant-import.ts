import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { FieldError, Nullable, Uuid } from './fields.ts';
import { IMPORT_ACTIONS } from './vocabulary.ts';

/** Most lines of one file: a report on them is one answer. */
export const IMPORT_MAX_LINES = 5_000;
export const IMPORT_MAX_BYTES = 10 * 1024 * 1024;

export const ImportLine = Type.Object({
  line: Type.Integer({ description: 'Number of the line in the file; the header is 1' }),
  uai: Nullable(Type.String()),
  name: Type.String(),
  subdomain: Nullable(Type.String({ description: 'Address of the school, kept or proposed' })),
  action: Type.Enum([...IMPORT_ACTIONS]),
  changes: Type.Array(Type.String(), { description: 'Fields that an update changes' }),
  provision: Type.Boolean({ description: 'Whether its space is built, or has been' }),
  tenant_id: Nullable(Uuid),
  errors: Type.Array(FieldError, { description: 'Why it is refused, or why its space could not be built' }),
});
export type ImportLine = Static<typeof ImportLine>;

export const ImportReport = Type.Object({
  dry_run: Type.Boolean(),
  file_name: Type.String(),
  encoding: Type.String(),
  delimiter: Type.String(),
  ignored_columns: Type.Array(Type.String()),
  counts: Type.Object({
    lines: Type.Integer(),
    create: Type.Integer(),
    update: Type.Integer(),
    unchanged: Type.Integer(),
    refused: Type.Integer(),
    provision: Type.Integer(),
    failed: Type.Integer({ description: 'Entered, but the space could not be built' }),
  }),
  lines: Type.Array(ImportLine),
});
export type ImportReport = Static<typeof ImportReport>;

export const importTenants = defineRoute({
  zone: 'platform',
  tag: 'tenants',
  name: 'importTenants',
  method: 'POST',
  path: '/tenants/import/',
  permission: 'tenants:import',
  summary:
    'Enter or update hundreds of schools from a CSV file; a dry run answers what would happen, line by line',
  query: Type.Object(
    {
      dry_run: Type.Optional(Type.Boolean({ default: false })),
      provision: Type.Optional(
        Type.Boolean({ default: false, description: 'Build the space of each school that has none' }),
      ),
    },
    { additionalProperties: false },
  ),
  upload: { types: ['text/csv'], maxBytes: IMPORT_MAX_BYTES },
  success: { status: 202, schema: Type.Object({ job_id: Uuid }) },
  also: { status: 200, schema: ImportReport },
  errors: ['file_expected', 'import_columns_missing', 'import_too_long', 'payload_too_large'],
});
