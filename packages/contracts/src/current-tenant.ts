import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { Colour, Nullable } from './fields.ts';
import { ModulesEnabled, Tenant } from './tenants.ts';
import { LANGUAGES, SCHOOL_TYPES } from './vocabulary.ts';

const Tone = Type.String({ description: '#rrggbb' });
const TONES = [
  'primary',
  'on_primary',
  'primary_hover',
  'primary_soft',
  'on_primary_soft',
  'primary_text',
  'primary_border',
  'focus',
  'secondary',
  'on_secondary',
  'secondary_soft',
  'on_secondary_soft',
  'secondary_text',
  'secondary_border',
  'surface',
  'surface_raised',
  'surface_sunken',
  'text',
  'text_muted',
  'border',
] as const;
const Tones = Type.Object(
  Object.fromEntries(TONES.map((tone) => [tone, Tone])) as Record<(typeof TONES)[number], typeof Tone>,
);
export const PaletteView = Type.Object({ light: Tones, dark: Tones });

export const TenantFeatures = Type.Object({
  has_ai_features: Type.Boolean(),
  has_sms_notifications: Type.Boolean(),
  has_email_notifications: Type.Boolean(),
  has_parent_portal: Type.Boolean(),
  has_student_portal: Type.Boolean(),
  has_teacher_portal: Type.Boolean(),
  max_file_upload_mb: Type.Integer(),
  max_storage_gb: Type.Integer(),
  max_students: Type.Integer(),
});

export const Theme = Type.Object({
  school_name: Type.String(),
  school_type: Nullable(Type.Enum([...SCHOOL_TYPES])),
  primary_color: Type.String(),
  secondary_color: Type.String(),
  logo_url: Nullable(Type.String()),
  favicon_url: Type.String(),
  palette: PaletteView,
  modules_enabled: ModulesEnabled,
  tenant_features: TenantFeatures,
  language: Type.Enum([...LANGUAGES]),
  version: Type.String({ description: 'Changes whenever the theme does; ?v=version may be kept for ever' }),
});
export type Theme = Static<typeof Theme>;

export const Adjustment = Type.Object({
  mode: Type.Enum(['light', 'dark']),
  tone: Type.String(),
  from: Type.String(),
  to: Type.String(),
  reason: Type.String(),
  ratio_before: Type.Number(),
  ratio_after: Type.Number(),
});
export const EditedTheme = Type.Object({ ...Theme.properties, adjustments: Type.Array(Adjustment) });
export type EditedTheme = Static<typeof EditedTheme>;

const tag = 'current-tenant' as const;

export const getTheme = defineRoute({
  tag,
  name: 'getTheme',
  method: 'GET',
  path: '/current-tenant/theme/',
  zone: 'public',
  permission: 'anyone',
  whenClosed: true,
  etag: true,
  summary: 'Name, colours and modules of the school at this address',
  query: Type.Object({ v: Type.Optional(Type.String({ maxLength: 40 })) }, { additionalProperties: false }),
  success: { status: 200, schema: Theme },
});
export const editTheme = defineRoute({
  tag,
  name: 'editTheme',
  method: 'PATCH',
  path: '/current-tenant/theme/',
  zone: 'tenant',
  permission: 'school:brand',
  summary: 'Change the school’s colours; readable tones are derived from any pair',
  body: Type.Object(
    { primary_color: Type.Optional(Colour), secondary_color: Type.Optional(Colour) },
    { additionalProperties: false, minProperties: 1 },
  ),
  success: { status: 200, schema: EditedTheme },
});
export const getInfo = defineRoute({
  tag,
  name: 'getCurrentTenant',
  method: 'GET',
  path: '/current-tenant/info/',
  zone: 'tenant',
  permission: 'school:read',
  summary: 'The school, as its members may see it',
  success: {
    status: 200,
    schema: Type.Pick(Tenant, [
      'id',
      'subdomain',
      'domain_url',
      'status',
      'is_active',
      'school',
      'network',
      'primary_color',
      'secondary_color',
      'logo_url',
      'favicon_url',
      'max_students',
      'max_storage_gb',
      'modules_enabled',
      'created_on',
      'settings',
      'storage_usage_gb',
      'student_count',
    ]),
  },
});
export const getModules = defineRoute({
  tag,
  name: 'getCurrentModules',
  method: 'GET',
  path: '/current-tenant/modules/',
  zone: 'tenant',
  permission: 'school:read',
  summary: 'Which modules are on',
  success: { status: 200, schema: ModulesEnabled },
});
