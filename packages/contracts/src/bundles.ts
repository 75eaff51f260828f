import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DateTime, Id, Nullable, Page, PageQuery, Subdomain, Uuid } from './fields.ts';
import { BUNDLE_CAUSES, BUNDLE_KINDS, BUNDLE_STATUSES, RESTORE_MODES } from './vocabulary.ts';

const strict = { additionalProperties: false } as const;

/** One archive of a school. */
export const Bundle = Type.Object({
  id: Uuid,
  tenant_id: Uuid,
  school: Type.Object({
    name: Type.String(),
    subdomain: Type.String({ description: 'As it was called when the archive was made' }),
    exists: Type.Boolean({ description: 'False: the school was erased, and can be brought back' }),
  }),
  kind: Type.Enum([...BUNDLE_KINDS], {
    description: 'backup: for this installation; export: what a school takes along',
  }),
  cause: Type.Enum([...BUNDLE_CAUSES]),
  status: Type.Enum([...BUNDLE_STATUSES]),
  encrypted: Type.Boolean(),
  bytes: Nullable(Type.Integer()),
  checksum: Nullable(
    Type.String({ description: 'SHA-256 of its last part, which holds those of all others' }),
  ),
  schema_version: Nullable(Type.String()),
  rows: Nullable(Type.Integer()),
  files: Nullable(Type.Integer()),
  file_bytes: Nullable(Type.Integer()),
  made_by: Type.String(),
  failure: Nullable(Type.String()),
  created_at: DateTime,
  finished_at: Nullable(DateTime),
  duration_ms: Nullable(Type.Integer()),
  verified_at: Nullable(DateTime),
  drilled_at: Nullable(DateTime),
  keep_until: Nullable(DateTime),
});
export type Bundle = Static<typeof Bundle>;

const list = { kind: Type.Optional(Type.Enum([...BUNDLE_KINDS])), ...PageQuery };
export const BundleQuery = Type.Object(list, strict);
export const AllBundlesQuery = Type.Object(
  {
    ...list,
    erased: Type.Optional(
      Type.Boolean({ description: 'Only of schools that are there no more, or only of others' }),
    ),
  },
  strict,
);
export type BundleQuery = Static<typeof AllBundlesQuery>;

const Started = Type.Object({ job_id: Uuid, bundle_id: Uuid });
const StartedJob = Type.Object({ job_id: Uuid });
const StartedSchool = Type.Object({ job_id: Uuid, tenant_id: Uuid });

const ofSchool = Type.Object({ id: Uuid, bid: Uuid }, strict);
const confirmed = Type.Object({
  'x-confirm': Type.Optional(Type.String({ description: 'The school’s subdomain' })),
});

/** Where a school comes back to. */
export const Restore = Type.Object(
  {
    mode: Type.Enum([...RESTORE_MODES], {
      description:
        'in_place: takes the place of what the school has now, of which a backup is made first; copy: another school beside it; back: the erased school itself',
    }),
    subdomain: Type.Optional(Subdomain),
    school_name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  },
  strict,
);
export type Restore = Static<typeof Restore>;

export const Clone = Type.Object(
  {
    subdomain: Subdomain,
    school_name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    scrub: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Replace what tells of people by inventions: names, addresses, texts, contents of files',
      }),
    ),
  },
  strict,
);
export type Clone = Static<typeof Clone>;

const platform = { zone: 'platform', tag: 'bundles' } as const;

export const listAllBundles = defineRoute({
  ...platform,
  name: 'listAllBundles',
  method: 'GET',
  path: '/backups/',
  permission: 'backups:read',
  summary: 'List archives of all schools, those of erased ones too, latest first',
  query: AllBundlesQuery,
  success: { status: 200, schema: Page(Bundle) },
});
export const restoreErased = defineRoute({
  ...platform,
  name: 'restoreErased',
  method: 'POST',
  path: '/backups/:id/restore/',
  permission: 'backups:restore',
  summary: 'Bring a school back from an archive, beside the others or in the place it had',
  params: Id,
  headers: confirmed,
  body: Restore,
  success: { status: 202, schema: StartedSchool },
  errors: ['bundle_not_ready', 'bundle_newer', 'subdomain_taken', 'confirmation_required', 'job_in_progress'],
});
export const importBundle = defineRoute({
  ...platform,
  name: 'importBundle',
  method: 'POST',
  path: '/backups/import/',
  permission: 'backups:restore',
  summary: 'Take in a school that another installation exported',
  query: Type.Object({ subdomain: Type.Optional(Subdomain) }, strict),
  upload: { types: ['application/x-tar', 'application/octet-stream'], maxBytes: 1024 ** 4 },
  success: { status: 202, schema: StartedSchool },
  errors: ['file_expected', 'bundle_damaged', 'bundle_locked', 'bundle_newer', 'subdomain_taken'],
});

export const listBundles = defineRoute({
  ...platform,
  name: 'listBundles',
  method: 'GET',
  path: '/tenants/:id/backups/',
  permission: 'backups:read',
  summary: 'List a school’s archives, latest first',
  params: Id,
  query: BundleQuery,
  success: { status: 200, schema: Page(Bundle) },
});
export const makeBundle = defineRoute({
  ...platform,
  name: 'makeBundle',
  method: 'POST',
  path: '/tenants/:id/backups/',
  permission: 'backups:make',
  summary: 'Archive a school, its rows and its files',
  params: Id,
  body: Type.Object({ kind: Type.Optional(Type.Enum([...BUNDLE_KINDS])) }, strict),
  success: { status: 202, schema: Started },
  errors: ['not_provisioned', 'job_in_progress'],
});
export const getBundle = defineRoute({
  ...platform,
  name: 'getBundle',
  method: 'GET',
  path: '/tenants/:id/backups/:bid/',
  permission: 'backups:read',
  summary: 'One archive of a school',
  params: ofSchool,
  success: { status: 200, schema: Bundle },
});
export const downloadBundle = defineRoute({
  ...platform,
  name: 'downloadBundle',
  method: 'GET',
  path: '/tenants/:id/backups/:bid/content/',
  permission: 'backups:restore',
  summary: 'The archive itself, as it is kept; who took it is put down',
  params: ofSchool,
  success: { status: 200, schema: Type.String(), file: 'application/octet-stream' },
  errors: ['bundle_not_ready'],
});
export const restoreBundle = defineRoute({
  ...platform,
  name: 'restoreBundle',
  method: 'POST',
  path: '/tenants/:id/backups/:bid/restore/',
  permission: 'backups:restore',
  summary: 'Restore a school in place (X-Confirm), or as a copy',
  params: ofSchool,
  headers: confirmed,
  body: Restore,
  success: { status: 202, schema: StartedSchool },
  errors: ['bundle_not_ready', 'bundle_newer', 'subdomain_taken', 'confirmation_required', 'job_in_progress'],
});
export const verifyBundle = defineRoute({
  ...platform,
  name: 'verifyBundle',
  method: 'POST',
  path: '/tenants/:id/backups/:bid/verify/',
  permission: 'backups:make',
  summary: 'Hold an archive against its checksums; with drill, restore it aside and compare',
  params: ofSchool,
  body: Type.Object({ drill: Type.Optional(Type.Boolean({ default: false })) }, strict),
  success: { status: 202, schema: StartedJob },
  errors: ['bundle_not_ready', 'job_in_progress'],
});
export const deleteBundle = defineRoute({
  ...platform,
  name: 'deleteBundle',
  method: 'DELETE',
  path: '/tenants/:id/backups/:bid/',
  permission: 'backups:restore',
  summary: 'Remove an archive for good',
  params: ofSchool,
  success: { status: 204 },
  errors: ['bundle_not_ready'],
});
export const cloneTenant = defineRoute({
  ...platform,
  name: 'cloneTenant',
  method: 'POST',
  path: '/tenants/:id/clone/',
  permission: 'backups:restore',
  summary: 'Make another school of this one, with the people it has or with invented ones',
  params: Id,
  body: Clone,
  success: { status: 202, schema: StartedSchool },
  errors: ['not_provisioned', 'subdomain_taken', 'job_in_progress'],
});

const school = { zone: 'tenant', tag: 'bundles' } as const;

export const listExports = defineRoute({
  ...school,
  name: 'listExports',
  method: 'GET',
  path: '/exports/',
  permission: 'school:export',
  summary: 'List the exports of this school, latest first',
  query: Type.Object(PageQuery, strict),
  success: { status: 200, schema: Page(Bundle) },
});
export const makeExport = defineRoute({
  ...school,
  name: 'makeExport',
  method: 'POST',
  path: '/exports/',
  permission: 'school:export',
  summary: 'Make an archive of all that the school has here, to take along',
  body: Type.Object({}, strict),
  success: { status: 201, schema: Bundle },
  errors: ['job_in_progress'],
});
export const getExport = defineRoute({
  ...school,
  name: 'getExport',
  method: 'GET',
  path: '/exports/:id/',
  permission: 'school:export',
  summary: 'One export of this school',
  params: Id,
  success: { status: 200, schema: Bundle },
});
export const downloadExport = defineRoute({
  ...school,
  name: 'downloadExport',
  method: 'GET',
  path: '/exports/:id/content/',
  permission: 'school:export',
  summary: 'The export itself; who took it is put down',
  params: Id,
  success: { status: 200, schema: Type.String(), file: 'application/x-tar' },
  errors: ['bundle_not_ready'],
});
