import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { Id } from './fields.ts';
import { LANGUAGES, REGISTRATIONS } from './vocabulary.ts';

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
    registration: Type.Enum([...REGISTRATIONS], {
      default: 'invitation',
      description: 'How people become members: not at all, by invitation, or also by asking the school',
    }),
    announcement_approval: Type.Boolean({
      default: false,
      description: 'Whether an administrator approves announcements of others before they are published',
    }),
    require_second_factor: Type.Boolean({
      default: false,
      description: 'Whether administrators of the school need a second factor',
    }),
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
  registration: 'invitation',
  announcement_approval: false,
  require_second_factor: false,
};

const platform = { zone: 'platform', tag: 'tenants' } as const;

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
