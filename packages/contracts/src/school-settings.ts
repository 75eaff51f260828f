import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { Nullable } from './fields.ts';
import { TenantSettings } from './tenant-settings.ts';
import { TenantReplace } from './tenants.ts';

const closed = { additionalProperties: false } as const;
const changes = { ...closed, minProperties: 1 } as const;

/** What a school settles for itself. How people come in, and how they prove who they are, have pages of their own. */
export const SchoolSettings = Type.Pick(
  TenantSettings,
  [
    'enable_email_notifications',
    'enable_sms_notifications',
    'password_min_length',
    'session_timeout_minutes',
    'timezone',
    'language',
    'date_format',
    'time_format',
  ],
  closed,
);
export type SchoolSettings = Static<typeof SchoolSettings>;

/** Where the school is to be found. What it is called and what it may use are the platform’s to say. */
export const SchoolContact = Type.Object({
  email: Type.String(),
  phone: Type.String(),
  address: Type.String(),
  postal_code: Type.String(),
  city: Type.String(),
  website: Nullable(Type.String()),
});
export type SchoolContact = Static<typeof SchoolContact>;

export const SchoolContactPatch = Type.Partial(
  Type.Pick(TenantReplace, ['email', 'phone', 'address', 'postal_code', 'city', 'website']),
  changes,
);
export type SchoolContactPatch = Static<typeof SchoolContactPatch>;

const own = { zone: 'tenant', tag: 'current-tenant', permission: 'school:settings', etag: true } as const;

export const getSchoolSettings = defineRoute({
  ...own,
  name: 'getSchoolSettings',
  method: 'GET',
  path: '/current-tenant/settings/',
  summary: 'Settings of the school at this address',
  success: { status: 200, schema: SchoolSettings },
});
export const updateSchoolSettings = defineRoute({
  ...own,
  name: 'updateSchoolSettings',
  method: 'PATCH',
  path: '/current-tenant/settings/',
  summary: 'Change some settings; with `If-Match`, only those one has seen',
  body: Type.Partial(SchoolSettings, changes),
  success: { status: 200, schema: SchoolSettings },
});
export const getSchoolContact = defineRoute({
  ...own,
  name: 'getSchoolContact',
  method: 'GET',
  path: '/current-tenant/contact/',
  summary: 'Where the school is to be found and reached',
  success: { status: 200, schema: SchoolContact },
});
export const updateSchoolContact = defineRoute({
  ...own,
  name: 'updateSchoolContact',
  method: 'PATCH',
  path: '/current-tenant/contact/',
  summary: 'Change where the school is to be found; with `If-Match`, only what one has seen',
  body: SchoolContactPatch,
  success: { status: 200, schema: SchoolContact },
});
