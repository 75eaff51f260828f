import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import {
  Colour,
  DateOnly,
  DateTime,
  Domain,
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
import {
  DEFAULT_MAX_STORAGE_GB,
  DEFAULT_MAX_STUDENTS,
  DEFAULT_PRIMARY_COLOR,
  DEFAULT_SECONDARY_COLOR,
  DOMAIN_STATUSES,
  LANGUAGES,
  SCHOOL_TYPES,
  TENANT_STATUSES,
} from './vocabulary.ts';

const SchoolType = Type.Enum([...SCHOOL_TYPES]);
const TenantStatus = Type.Enum([...TENANT_STATUSES]);
const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength, format: 'not-blank' });
export const ModulesEnabled = Type.Record(Type.String({ maxLength: 40 }), Type.Boolean(), {
  maxProperties: 100,
});

export const TenantSettings = Type.Object(
  {
    enable_email_notifications: Type.Boolean({ default: true }),
    enable_sms_notifications: Type.Boolean({ default: false }),
    password_min_length: Type.Integer({ minimum: 8, maximum: 128, default: 12 }),
    session_timeout_minutes: Type.Integer({ minimum: 5, maximum: 43_200, default: 60 }),
    timezone: Type.String({ format: 'timezone', default: 'Europe/Paris' }),
    language: Type.Enum([...LANGUAGES], { default: 'fr' }),
    date_format: Type.String({ minLength: 2, maxLength: 40, default: '%d/%m/%Y' }),
    time_format: Type.String({ minLength: 2, maxLength: 40, default: '%H:%M' }),
  },
  { additionalProperties: false },
);
export type TenantSettings = Static<typeof TenantSettings>;

export const DEFAULT_SETTINGS: TenantSettings = {
  enable_email_notifications: true,
  enable_sms_notifications: false,
  password_min_length: 12,
  session_timeout_minutes: 60,
  timezone: 'Europe/Paris',
  language: 'fr',
  date_format: '%d/%m/%Y',
  time_format: '%H:%M',
};

export const DomainView = Type.Object({
  id: Uuid,
  domain: Type.String(),
  is_primary: Type.Boolean(),
  status: Type.Enum([...DOMAIN_STATUSES]),
  created_at: DateTime,
  challenge: Type.Optional(
    Type.Object(
      { name: Type.String(), type: Type.Literal('TXT'), value: Type.String() },
      { description: 'The DNS record that proves ownership, while the domain is pending' },
    ),
  ),
});
export type DomainView = Static<typeof DomainView>;

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

export const TenantQuery = Type.Object(
  {
    ...PageQuery,
    search: Type.Optional(Type.String({ maxLength: 200 })),
    status: Type.Optional(TenantStatus),
    school_type: Type.Optional(SchoolType),
    network: Type.Optional(Type.String({ maxLength: 63, description: 'Id or subdomain of a network' })),
    module: Type.Optional(Type.String({ maxLength: 40 })),
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

export const TenantStats = Type.Object({
  tenant_id: Uuid,
  tenant_name: Type.String(),
  domain_url: Type.String(),
  is_active: Type.Boolean(),
  total_users: Type.Integer(),
  student_count: Type.Integer(),
  teacher_count: Type.Integer(),
  parent_count: Type.Integer(),
  admin_count: Type.Integer(),
  storage_used_gb: Type.Number(),
  storage_used_bytes: Type.Integer(),
  storage_limit_gb: Type.Integer(),
  storage_percentage: Type.Number(),
  last_accessed: Nullable(DateTime),
  days_since_last_access: Nullable(Type.Integer()),
  active_modules: Type.Array(Type.String()),
  inactive_modules: Type.Array(Type.String()),
  history: Type.Array(
    Type.Object({
      date: Type.String(),
      students: Type.Integer(),
      storage_bytes: Type.Integer(),
      active_users: Type.Integer(),
    }),
  ),
  tables: Type.Array(Type.Object({ table: Type.String(), rows: Type.Integer(), bytes: Type.Integer() })),
});
export type TenantStats = Static<typeof TenantStats>;

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
export const provisionTenant = defineRoute({
  ...platform,
  name: 'provisionTenant',
  method: 'POST',
  path: '/tenants/:id/provision/',
  permission: 'tenants:provision',
  summary: 'Build the school’s schema and open it',
  params: Id,
  success: { status: 200, schema: ProvisionedTenant },
  errors: ['already_provisioned', 'illegal_transition', 'provisioning_failed'],
});
export const activateTenant = defineRoute({
  ...platform,
  name: 'activateTenant',
  method: 'POST',
  path: '/tenants/:id/activate/',
  permission: 'tenants:lifecycle',
  etag: true,
  summary: 'Reopen a closed school',
  params: Id,
  success: { status: 200, schema: Tenant },
  errors: ['illegal_transition', 'not_provisioned'],
});
export const deactivateTenant = defineRoute({
  ...platform,
  name: 'deactivateTenant',
  method: 'POST',
  path: '/tenants/:id/deactivate/',
  permission: 'tenants:lifecycle',
  etag: true,
  summary: 'Close a school; visitors see the reason',
  params: Id,
  body: Type.Object(
    { reason: Type.Optional(Nullable(Type.String({ maxLength: 500 }))) },
    { additionalProperties: false },
  ),
  success: { status: 200, schema: Tenant },
  errors: ['illegal_transition', 'not_provisioned'],
});
export const restoreTenant = defineRoute({
  ...platform,
  name: 'restoreTenant',
  method: 'POST',
  path: '/tenants/:id/restore/',
  permission: 'tenants:lifecycle',
  etag: true,
  summary: 'Undo an archive',
  params: Id,
  success: { status: 200, schema: Tenant },
  errors: ['illegal_transition'],
});
export const inviteFirstAdmin = defineRoute({
  ...platform,
  name: 'inviteFirstAdmin',
  method: 'POST',
  path: '/tenants/:id/invite_admin/',
  permission: 'tenants:invite',
  summary: 'Make a new administrator’s invitation link; earlier unused ones end',
  params: Id,
  body: Type.Object({ email: Type.Optional(Email) }, { additionalProperties: false }),
  success: { status: 201, schema: FirstAdmin },
  errors: ['not_provisioned'],
});
export const tenantStats = defineRoute({
  ...platform,
  name: 'tenantStats',
  method: 'GET',
  path: '/tenants/:id/stats/',
  permission: 'tenants:read',
  summary: 'Figures of a school, at constant cost',
  params: Id,
  success: { status: 200, schema: TenantStats },
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
export const getSettings = defineRoute({
  ...platform,
  name: 'getTenantSettings',
  method: 'GET',
  path: '/tenants/:id/settings/',
  permission: 'tenants:read',
  etag: true,
  summary: 'Settings of a school',
  params: Id,
  success: { status: 200, schema: TenantSettings },
});
export const updateSettings = defineRoute({
  ...platform,
  name: 'updateTenantSettings',
  method: 'PATCH',
  path: '/tenants/:id/settings/',
  permission: 'tenants:update',
  etag: true,
  summary: 'Change some settings of a school',
  params: Id,
  body: Type.Partial(TenantSettings, { additionalProperties: false, minProperties: 1 }),
  success: { status: 200, schema: TenantSettings },
});

const DomainParams = Type.Object({ ...Id.properties, did: Uuid }, { additionalProperties: false });
export const listDomains = defineRoute({
  ...platform,
  tag: 'domains',
  name: 'listDomains',
  method: 'GET',
  path: '/tenants/:id/domains/',
  permission: 'tenants:read',
  summary: 'Addresses of a school',
  params: Id,
  success: { status: 200, schema: Page(DomainView) },
});
export const addDomain = defineRoute({
  ...platform,
  tag: 'domains',
  name: 'addDomain',
  method: 'POST',
  path: '/tenants/:id/add_domain/',
  permission: 'domains:manage',
  summary: 'Add an address; a domain of the school’s own stays pending until it is verified or vouched for',
  params: Id,
  body: Type.Object(
    {
      domain: Domain,
      is_primary: Type.Optional(Type.Boolean({ default: false })),
      vouched: Type.Optional(
        Type.Boolean({
          default: false,
          description: 'The platform answers for the ownership: no DNS challenge',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  success: { status: 201, schema: DomainView },
  errors: ['domain_taken', 'domain_not_active', 'illegal_transition'],
});
export const makePrimaryDomain = defineRoute({
  ...platform,
  tag: 'domains',
  name: 'makePrimaryDomain',
  method: 'POST',
  path: '/tenants/:id/domains/:did/make_primary/',
  permission: 'domains:manage',
  summary: 'Make an active address the main one',
  params: DomainParams,
  success: { status: 200, schema: DomainView },
  errors: ['domain_not_active'],
});
export const removeDomain = defineRoute({
  ...platform,
  tag: 'domains',
  name: 'removeDomain',
  method: 'DELETE',
  path: '/tenants/:id/domains/:did/',
  permission: 'domains:manage',
  summary: 'Remove an address',
  params: DomainParams,
  success: { status: 204 },
  errors: ['domain_is_primary', 'domain_is_subdomain'],
});
