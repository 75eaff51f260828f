import { Type, type Static } from 'typebox';
import { Adjustment, EditedTheme, PaletteView } from './current-tenant.ts';
import { defineRoute } from './define-route.ts';
import { Colour, DateTime, Nullable, Page, PageQuery, Uuid } from './fields.ts';
import { LARGEST_MARK, MARK_UPLOAD_ERRORS, PictureId } from './school-marks.ts';

/** The newest versions keep their pictures, so many of them; older ones their colours alone. */
export const VERSIONS_WITH_PICTURES = 20;
/** Hours that a picture is kept which was sent and is in no draft. */
export const PICTURE_WAITS_HOURS = 24;

const Person = Type.Object({ id: Nullable(Uuid), name: Type.String() });

export const BrandColours = Type.Object(
  { primary_color: Colour, secondary_color: Colour },
  { additionalProperties: false },
);
export type BrandColours = Static<typeof BrandColours>;

/** What is put into a draft. */
export const ThemeDraftInput = Type.Object(
  {
    primary_color: Colour,
    secondary_color: Colour,
    logo: Type.Optional(Nullable(PictureId)),
    favicon: Type.Optional(Nullable(PictureId)),
  },
  {
    additionalProperties: false,
    description: 'A picture that is not named stays as it is; null is the one that is drawn',
  },
);
export type ThemeDraftInput = Static<typeof ThemeDraftInput>;

export const ThemePicture = Type.Object({
  id: PictureId,
  url: Type.String({ description: 'For those who may change the look, published or not' }),
});
export type ThemePicture = Static<typeof ThemePicture>;

const look = {
  primary_color: Type.String(),
  secondary_color: Type.String(),
  logo: Nullable(ThemePicture),
  favicon: Nullable(ThemePicture),
};
export const LOOK_PARTS = ['primary_color', 'secondary_color', 'logo', 'favicon'] as const;
export type LookPart = (typeof LOOK_PARTS)[number];

export const ThemeVersion = Type.Object({
  version: Type.Integer({ description: 'Counts up with every change of the look' }),
  ...look,
  pictures_kept: Type.Boolean({
    description: `False: no more is known of its pictures, and going back to it leaves those there are. The newest ${VERSIONS_WITH_PICTURES} keep theirs`,
  }),
  changed: Type.Array(Type.Enum([...LOOK_PARTS]), { description: 'What was not so in the version before' }),
  published_at: DateTime,
  published_by: Nullable(Person),
  from_version: Nullable(Type.Integer({ description: 'The earlier version that it brought back' })),
  is_current: Type.Boolean(),
});
export type ThemeVersion = Static<typeof ThemeVersion>;

export const ThemeDraft = Type.Object({
  ...look,
  is_kept: Type.Boolean({
    description: 'False: nobody has a draft, and this is what visitors see',
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
  summary: 'The look that is being tried, which only administrators see',
  success: { status: 200, schema: ThemeDraft },
});
export const saveThemeDraft = defineRoute({
  ...brand,
  name: 'saveThemeDraft',
  method: 'PUT',
  path: '/current-tenant/theme/draft/',
  etag: true,
  summary: 'Keep a look as the draft; with `If-Match`, only over the draft one has seen',
  body: ThemeDraftInput,
  success: { status: 200, schema: ThemeDraft },
  errors: ['theme_picture_gone'],
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
  errors: ['no_theme_draft', 'theme_picture_gone'],
});
export const uploadThemePicture = defineRoute({
  ...brand,
  name: 'uploadThemePicture',
  method: 'POST',
  path: '/current-tenant/theme/pictures/',
  summary: `Upload a picture to put into the draft; it is deleted after ${PICTURE_WAITS_HOURS} hours where nobody did`,
  upload: { types: [], maxBytes: LARGEST_MARK, files: 1, fields: {} },
  success: { status: 201, schema: ThemePicture },
  errors: MARK_UPLOAD_ERRORS,
});
export const getThemePicture = defineRoute({
  ...brand,
  name: 'getThemePicture',
  method: 'GET',
  path: '/current-tenant/theme/pictures/:name/',
  summary: 'A picture of the draft or of the history, also one that no visitor has seen',
  params: Type.Object({ name: PictureId }, { additionalProperties: false }),
  success: {
    status: 200,
    schema: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }),
    file: 'image/*',
  },
});
export const listThemeVersions = defineRoute({
  ...brand,
  name: 'listThemeVersions',
  method: 'GET',
  path: '/current-tenant/theme/history/',
  summary: 'The looks that the school has had, newest first',
  query: Type.Object(PageQuery, { additionalProperties: false }),
  success: { status: 200, schema: Page(ThemeVersion) },
});
export const rollBackTheme = defineRoute({
  ...brand,
  name: 'rollBackTheme',
  method: 'POST',
  path: '/current-tenant/theme/rollback/',
  summary: 'Bring colours and pictures of an earlier version back, as a new version',
  body: Type.Object({ version: Type.Integer({ minimum: 1 }) }, { additionalProperties: false }),
  success: { status: 200, schema: EditedTheme },
  errors: ['theme_picture_gone'],
});
