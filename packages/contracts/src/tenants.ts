import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DomainView } from './domains.ts';
import {
  Colour,
  DateOnly,
  DateTime,
  Email,
  Id,
  Nullable,
  Page,
  PageQuery,
  Phone,
  Subdomain,
  Uai,
  Url,
  Uuid,
} from './fields.ts';
import { TenantSettings } from './tenant-settings.ts';
import {
  DEFAULT_MAX_STORAGE_GB,
  DEFAULT_MAX_STUDENTS,
  DEFAULT_PRIMARY_COLOR,
  DEFAULT_SECONDARY_COLOR,
  SCHOOL_TYPES,
  TENANT_STATUSES,
} from './vocabulary.ts';

const SchoolType = Type.Enum([...SCHOOL_TYPES]);
const TenantStatus = Type.Enum([...TENANT_STATUSES]);
const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength, format: 'not-blank' });
export const ModulesEnabled = Type.Record(Type.String({ maxLength: 40 }), Type.Boolean(), {
  maxProperties: 100,
});

const School = Type.Object({
  name: Type.String(),
  school_type: SchoolType,
  email: Type.String(),
  phone: Type.String(),
  address: Type.String(),
  postal_code: Type.String(),
  city: Type.String(),
  website: Nullable(Type.String()),
  uai: Nullable(Type.String()),
});

export const Tenant = Type.Object({
  id: Uuid,
  schema_name: Type.String(),
  subdomain: Type.String(),
  domain_url: Type.String({ description: 'Address of the school, with scheme and port' }),
  status: TenantStatus,
  is_active: Type.Boolean(),
  school: School,
  network: Nullable(Type.Object({ id: Uuid, name: Type.String(), subdomain: Type.String() })),
  primary_color: Type.String(),
  secondary_color: Type.String(),
  logo_url: Nullable(Type.String()),
  favicon_url: Nullable(Type.String()),
  max_students: Type.Integer(),
  max_storage_gb: Type.Integer(),
  modules_enabled: ModulesEnabled,
  paid_until: Nullable(Type.String()),
  created_on: DateTime,
  provisioned_at: Nullable(DateTime),
  last_accessed_at: Nullable(DateTime),
  purge_at: Nullable(DateTime),
  inactive_since: Nullable(DateTime),
  inactive_reason: Nullable(Type.String()),
  failure: Nullable(Type.Object({ step: Type.String(), reason: Type.String(), at: DateTime })),
  domains: Type.Array(DomainView),
  settings: TenantSettings,
  storage_usage_gb: Type.Number(),
  student_count: Type.Integer(),
  version: Type.Integer(),
});
export type Tenant = Static<typeof Tenant>;

export const FirstAdmin = Type.Object({
  email: Type.String(),
  invitation_url: Type.String({ description: 'Shown once; only its hash is kept' }),
  expires_at: DateTime,
});
export type FirstAdmin = Static<typeof FirstAdmin>;

/** A tenant just provisioned carries the invitation of its first administrator. */
export const ProvisionedTenant = Type.Object({
  ...Tenant.properties,
  first_admin: Type.Optional(FirstAdmin),
});
export type ProvisionedTenant = Static<typeof ProvisionedTenant>;

const writable = {
  school_name: Text(200),
  school_type: SchoolType,
  subdomain: Subdomain,
  email: Email,
  phone: Phone,
  address: Text(500),
  postal_code: Text(20),
  city: Text(120),
};
const optional = {
  website: Type.Optional(Nullable(Url)),
  uai: Type.Optional(Nullable(Uai)),
  primary_color: Type.Optional({ ...Colour, default: DEFAULT_PRIMARY_COLOR }),
  secondary_color: Type.Optional({ ...Colour, default: DEFAULT_SECONDARY_COLOR }),
  max_students: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1_000_000, default: DEFAULT_MAX_STUDENTS }),
  ),
  max_storage_gb: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 100_000, default: DEFAULT_MAX_STORAGE_GB }),
  ),
  modules_enabled: Type.Optional(ModulesEnabled),
  network: Type.Optional(
    Nullable(Type.String({ minLength: 1, maxLength: 63, description: 'Id or subdomain of a network' })),
  ),
  paid_until: Type.Optional(Nullable(DateOnly)),
};

export const TenantCreate = Type.Object(
  { ...writable, ...optional, provision_now: Type.Optional(Type.Boolean({ default: false })) },
  { additionalProperties: false },
);
export type TenantCreate = Static<typeof TenantCreate>;
export const TenantReplace = Type.Object({ ...writable, ...optional }, { additionalProperties: false });
export type TenantReplace = Static<typeof TenantReplace>;
export const TenantPatch = Type.Partial(TenantReplace, { additionalProperties: false, minProperties: 1 });
export type TenantPatch = Static<typeof TenantPatch>;

export const TENANT_ORDERINGS = [
  'school_name',
  'subdomain',
  'status',
  'city',
  'created_on',
  'last_accessed_at',
  'student_count',
] as const;

/** What a list of schools can be narrowed by. */
export const TENANT_FILTERS = {
  search: Type.Optional(Type.String({ maxLength: 200 })),
  status: Type.Optional(TenantStatus),
  school_type: Type.Optional(SchoolType),
  network: Type.Optional(Type.String({ maxLength: 63, description: 'Id or subdomain of a network' })),
  module: Type.Optional(Type.String({ maxLength: 40 })),
};

export const TenantQuery = Type.Object(
  {
    ...PageQuery,
    ...TENANT_FILTERS,
    ordering: Type.Optional(
      Type.String({
        maxLength: 60,
        description: `One of ${TENANT_ORDERINGS.join(', ')}; a leading - reverses`,
      }),
    ),
  },
  { additionalProperties: false },
);
export type TenantQuery = Static<typeof TenantQuery>;

const platform = { zone: 'platform', tag: 'tenants' } as const;

export const listTenants = defineRoute({
  ...platform,
  name: 'listTenants',
  method: 'GET',
  path: '/tenants/',
  permission: 'tenants:read',
  summary: 'List, search and filter schools',
  query: TenantQuery,
  success: { status: 200, schema: Page(Tenant) },
});
export const createTenant = defineRoute({
  ...platform,
  name: 'createTenant',
  method: 'POST',
  path: '/tenants/',
  permission: 'tenants:create',
  summary: 'Create a school, and provision it at once if asked',
  body: TenantCreate,
  success: { status: 201, schema: ProvisionedTenant },
  errors: ['subdomain_taken', 'uai_taken', 'unknown_module', 'module_dependency', 'provisioning_failed'],
});
export const checkSubdomain = defineRoute({
  ...platform,
  name: 'checkSubdomain',
  method: 'GET',
  path: '/tenants/check_subdomain/',
  permission: 'tenants:create',
  summary: 'Say whether a subdomain is acceptable and free',
  query: Type.Object({ subdomain: Type.String({ maxLength: 100 }) }, { additionalProperties: false }),
  success: {
    status: 200,
    schema: Type.Object({
      subdomain: Type.String(),
      available: Type.Boolean(),
      code: Nullable(Type.String()),
      message: Nullable(Type.String()),
      suggestion: Nullable(Type.String()),
    }),
  },
});
export const getTenant = defineRoute({
  ...platform,
  name: 'getTenant',
  method: 'GET',
  path: '/tenants/:id/',
  permission: 'tenants:read',
  etag: true,
  summary: 'One school',
  params: Id,
  success: { status: 200, schema: Tenant },
});
export const replaceTenant = defineRoute({
  ...platform,
  name: 'replaceTenant',
  method: 'PUT',
  path: '/tenants/:id/',
  permission: 'tenants:update',
  etag: true,
  summary: 'Replace a school’s description; fields left out take their defaults',
  params: Id,
  body: TenantReplace,
  success: { status: 200, schema: Tenant },
  errors: ['subdomain_taken', 'uai_taken', 'module_dependency'],
});
export const updateTenant = defineRoute({
  ...platform,
  name: 'updateTenant',
  method: 'PATCH',
  path: '/tenants/:id/',
  permission: 'tenants:update',
  etag: true,
  summary: 'Change some fields of a school',
  params: Id,
  body: TenantPatch,
  success: { status: 200, schema: Tenant },
  errors: ['subdomain_taken', 'uai_taken', 'module_dependency'],
});
export const deleteTenant = defineRoute({
  ...platform,
  name: 'deleteTenant',
  method: 'DELETE',
  path: '/tenants/:id/',
  permission: 'tenants:lifecycle',
  etag: true,
  summary: 'Archive a school, or purge it now with ?purge=true and X-Confirm',
  params: Id,
  query: Type.Object(
    { purge: Type.Optional(Type.Boolean({ default: false })) },
    { additionalProperties: false },
  ),
  headers: Type.Object({
    'x-confirm': Type.Optional(Type.String({ description: 'The school’s subdomain, to purge' })),
  }),
  success: {
    status: 200,
    schema: Type.Object({ ...Type.Partial(Tenant).properties, purged: Type.Boolean() }),
  },
  errors: ['confirmation_required', 'illegal_transition', 'last_network'],
});
export const updateModules = defineRoute({
  ...platform,
  name: 'updateModules',
  method: 'POST',
  path: '/tenants/:id/update_modules/',
  permission: 'tenants:update',
  etag: true,
  summary: 'Switch modules on or off; those not named keep their value',
  params: Id,
  body: Type.Object({ modules_enabled: ModulesEnabled }, { additionalProperties: false }),
  success: { status: 200, schema: Tenant },
  errors: ['unknown_module', 'module_dependency'],
});
