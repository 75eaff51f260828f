import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DateTime, Id, Nullable, Page, Uuid } from './fields.ts';
import { KEY_SCOPES, SCHOOL_KEY_SCOPES } from './permissions.ts';

export const ApiKey = Type.Object({
  id: Uuid,
  tenant_id: Nullable(Type.String({ format: 'uuid', description: 'Null: a key of the platform' })),
  name: Type.String(),
  prefix: Type.String(),
  scopes: Type.Array(Type.String()),
  allowed_addresses: Type.Array(Type.String(), { description: 'Empty: from anywhere' }),
  created_at: DateTime,
  created_by: Nullable(Type.String()),
  expires_at: Nullable(DateTime),
  last_used_at: Nullable(DateTime),
});
export type ApiKey = Static<typeof ApiKey>;
export const NewApiKey = Type.Object({
  ...ApiKey.properties,
  key: Type.String({ description: 'prefix.secret; shown once' }),
  secret: Type.String({ description: 'Shown once' }),
});
export type NewApiKey = Static<typeof NewApiKey>;
export const RotatedApiKey = Type.Object({
  ...NewApiKey.properties,
  previous_expires_at: Type.String({
    format: 'date-time',
    description: 'Until then the former key works as well',
  }),
});
export type RotatedApiKey = Static<typeof RotatedApiKey>;

const body = (scopes: readonly string[]) =>
  Type.Object(
    {
      name: Type.String({ minLength: 1, maxLength: 100, format: 'not-blank' }),
      scopes: Type.Array(Type.Enum(scopes as [string, ...string[]]), { minItems: 1, uniqueItems: true }),
      expires_at: Type.Optional(Nullable(DateTime)),
      allowed_addresses: Type.Optional(
        Type.Array(Type.String({ format: 'cidr', maxLength: 50 }), {
          maxItems: 50,
          uniqueItems: true,
          description: 'IPv4 or IPv6 addresses, or networks such as 192.0.2.0/24',
        }),
      ),
    },
    { additionalProperties: false },
  );
export const KeyRotation = Type.Object(
  {
    overlap_hours: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 720, description: 'How long both keys work; 24 unless told' }),
    ),
    expires_at: Type.Optional(Nullable(DateTime)),
  },
  { additionalProperties: false },
);
const KeyOfTenant = Type.Object({ id: Uuid, kid: Uuid }, { additionalProperties: false });

const platform = { tag: 'keys', zone: 'platform', permission: 'keys:manage' } as const;
const school = { tag: 'keys', zone: 'tenant', permission: 'school:keys' } as const;

export const listPlatformKeys = defineRoute({
  ...platform,
  name: 'listPlatformKeys',
  method: 'GET',
  path: '/platform/api_keys/',
  summary: 'Platform API keys that are not revoked',
  success: { status: 200, schema: Page(ApiKey) },
});
export const createPlatformKey = defineRoute({
  ...platform,
  name: 'createPlatformKey',
  method: 'POST',
  path: '/platform/api_keys/',
  summary: 'Make a platform API key; its secret is shown once',
  body: body(KEY_SCOPES),
  success: { status: 201, schema: NewApiKey },
});
export const rotatePlatformKey = defineRoute({
  ...platform,
  name: 'rotatePlatformKey',
  method: 'POST',
  path: '/platform/api_keys/:id/rotate/',
  summary: 'Make the next key; the former one goes on for a while',
  params: Id,
  body: KeyRotation,
  success: { status: 201, schema: RotatedApiKey },
});
export const revokePlatformKey = defineRoute({
  ...platform,
  name: 'revokePlatformKey',
  method: 'DELETE',
  path: '/platform/api_keys/:id/',
  summary: 'Revoke a platform API key at once',
  params: Id,
  success: { status: 204 },
});

export const listTenantKeys = defineRoute({
  ...platform,
  name: 'listTenantKeys',
  method: 'GET',
  path: '/tenants/:id/api_keys/',
  summary: 'A school’s API keys that are not revoked',
  params: Id,
  success: { status: 200, schema: Page(ApiKey) },
});
export const createTenantKey = defineRoute({
  ...platform,
  name: 'createTenantKey',
  method: 'POST',
  path: '/tenants/:id/api_keys/',
  summary: 'Make an API key of a school; its secret is shown once',
  params: Id,
  body: body(SCHOOL_KEY_SCOPES),
  success: { status: 201, schema: NewApiKey },
});
export const rotateTenantKey = defineRoute({
  ...platform,
  name: 'rotateTenantKey',
  method: 'POST',
  path: '/tenants/:id/api_keys/:kid/rotate/',
  summary: 'Make the next key of a school; the former one goes on for a while',
  params: KeyOfTenant,
  body: KeyRotation,
  success: { status: 201, schema: RotatedApiKey },
});
export const revokeTenantKey = defineRoute({
  ...platform,
  name: 'revokeTenantKey',
  method: 'DELETE',
  path: '/tenants/:id/api_keys/:kid/',
  summary: 'Revoke an API key of a school at once',
  params: KeyOfTenant,
  success: { status: 204 },
});

export const listOwnKeys = defineRoute({
  ...school,
  name: 'listOwnKeys',
  method: 'GET',
  path: '/api_keys/',
  summary: 'API keys of this school that are not revoked',
  success: { status: 200, schema: Page(ApiKey) },
});
export const createOwnKey = defineRoute({
  ...school,
  name: 'createOwnKey',
  method: 'POST',
  path: '/api_keys/',
  summary: 'Make an API key of this school; its secret is shown once',
  body: body(SCHOOL_KEY_SCOPES),
  success: { status: 201, schema: NewApiKey },
});
export const rotateOwnKey = defineRoute({
  ...school,
  name: 'rotateOwnKey',
  method: 'POST',
  path: '/api_keys/:id/rotate/',
  summary: 'Make the next key; the former one goes on for a while',
  params: Id,
  body: KeyRotation,
  success: { status: 201, schema: RotatedApiKey },
});
export const revokeOwnKey = defineRoute({
  ...school,
  name: 'revokeOwnKey',
  method: 'DELETE',
  path: '/api_keys/:id/',
  summary: 'Revoke an API key of this school at once',
  params: Id,
  success: { status: 204 },
});
