import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DateTime, Id, Nullable, Page, Uuid } from './fields.ts';
import { KEY_SCOPES } from './permissions.ts';

const KeyScope = Type.Enum(KEY_SCOPES as [string, ...string[]]);
export const PlatformKey = Type.Object({
  id: Uuid,
  name: Type.String(),
  prefix: Type.String(),
  scopes: Type.Array(Type.String()),
  created_at: DateTime,
  expires_at: Nullable(DateTime),
  last_used_at: Nullable(DateTime),
});
export type PlatformKey = Static<typeof PlatformKey>;
export const NewPlatformKey = Type.Object({
  ...PlatformKey.properties,
  key: Type.String({ description: 'prefix.secret; shown once' }),
  secret: Type.String({ description: 'Shown once' }),
});
export const listPlatformKeys = defineRoute({
  tag: 'keys',
  name: 'listPlatformKeys',
  method: 'GET',
  path: '/platform/api_keys/',
  zone: 'platform',
  permission: 'keys:manage',
  summary: 'Platform API keys that are not revoked',
  success: { status: 200, schema: Page(PlatformKey) },
});
export const createPlatformKey = defineRoute({
  tag: 'keys',
  name: 'createPlatformKey',
  method: 'POST',
  path: '/platform/api_keys/',
  zone: 'platform',
  permission: 'keys:manage',
  summary: 'Make a platform API key; its secret is shown once',
  body: Type.Object(
    {
      name: Type.String({ minLength: 1, maxLength: 100, format: 'not-blank' }),
      scopes: Type.Array(KeyScope, { minItems: 1, uniqueItems: true }),
      expires_at: Type.Optional(Nullable(DateTime)),
    },
    { additionalProperties: false },
  ),
  success: { status: 201, schema: NewPlatformKey },
});
export const revokePlatformKey = defineRoute({
  tag: 'keys',
  name: 'revokePlatformKey',
  method: 'DELETE',
  path: '/platform/api_keys/:id/',
  zone: 'platform',
  permission: 'keys:manage',
  summary: 'Revoke a platform API key at once',
  params: Id,
  success: { status: 204 },
});
