import { Type, type Static } from 'typebox';
import { Adjustment, EditedTheme, PaletteView } from './current-tenant.ts';
import { defineRoute } from './define-route.ts';
import { Colour, DateTime, Nullable, Page, PageQuery, Uuid } from './fields.ts';

const Person = Type.Object({ id: Nullable(Uuid), name: Type.String() });

export const BrandColours = Type.Object(
  { primary_color: Colour, secondary_color: Colour },
  { additionalProperties: false },
);
export type BrandColours = Static<typeof BrandColours>;

export const ThemeVersion = Type.Object({
  version: Type.Integer({ description: 'Counts up with every change of the colours' }),
  primary_color: Type.String(),
  secondary_color: Type.String(),
  published_at: DateTime,
  published_by: Nullable(Person),
  from_version: Nullable(Type.Integer({ description: 'The earlier version that it brought back' })),
  is_current: Type.Boolean(),
});
export type ThemeVersion = Static<typeof ThemeVersion>;

export const ThemeDraft = Type.Object({
  primary_color: Type.String(),
  secondary_color: Type.String(),
  is_kept: Type.Boolean({
    description: 'False: nobody has a draft, and these are the colours that visitors see',
  }),
  updated_at: Nullable(DateTime),
  updated_by: Nullable(Person),
  published: ThemeVersion,
});
export type ThemeDraft = Static<typeof ThemeDraft>;

const brand = { zone: 'tenant', tag: 'current-tenant', permission: 'school:brand' } as const;

export const previewTheme = defineRoute({
  ...brand,
  name: 'previewTheme',
  method: 'POST',
  path: '/current-tenant/theme/preview/',
  summary: 'The readable tones of two colours, and what was adjusted; nothing is kept',
  body: BrandColours,
  success: {
    status: 200,
    schema: Type.Object({ palette: PaletteView, adjustments: Type.Array(Adjustment) }),
  },
});
export const getThemeDraft = defineRoute({
  ...brand,
  name: 'getThemeDraft',
  method: 'GET',
  path: '/current-tenant/theme/draft/',
  etag: true,
  summary: 'The colours that are being tried, which only administrators see',
  success: { status: 200, schema: ThemeDraft },
});
export const saveThemeDraft = defineRoute({
  ...brand,
  name: 'saveThemeDraft',
  method: 'PUT',
  path: '/current-tenant/theme/draft/',
  etag: true,
  summary: 'Keep colours as the draft; with `If-Match`, only over the draft one has seen',
  body: BrandColours,
  success: { status: 200, schema: ThemeDraft },
});
export const discardThemeDraft = defineRoute({
  ...brand,
  name: 'discardThemeDraft',
  method: 'DELETE',
  path: '/current-tenant/theme/draft/',
  etag: true,
  summary: 'Give the draft up',
  success: { status: 200, schema: ThemeDraft },
});
export const publishTheme = defineRoute({
  ...brand,
  name: 'publishTheme',
  method: 'POST',
  path: '/current-tenant/theme/publish/',
  etag: true,
  summary:
    'Show the draft to everyone; with `If-Match`, only the draft one has seen, over the version one has seen',
  success: { status: 200, schema: EditedTheme },
  errors: ['no_theme_draft'],
});
export const listThemeVersions = defineRoute({
  ...brand,
  name: 'listThemeVersions',
  method: 'GET',
  path: '/current-tenant/theme/history/',
  summary: 'The colours that the school has had, newest first',
  query: Type.Object(PageQuery, { additionalProperties: false }),
  success: { status: 200, schema: Page(ThemeVersion) },
});
export const rollBackTheme = defineRoute({
  ...brand,
  name: 'rollBackTheme',
  method: 'POST',
  path: '/current-tenant/theme/rollback/',
  summary: 'Bring the colours of an earlier version back, as a new version',
  body: Type.Object({ version: Type.Integer({ minimum: 1 }) }, { additionalProperties: false }),
  success: { status: 200, schema: EditedTheme },
});
