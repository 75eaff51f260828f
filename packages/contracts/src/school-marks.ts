import { Type, type Static } from 'typebox';
import { Theme } from './current-tenant.ts';
import { defineRoute } from './define-route.ts';

/** Pictures that stand for a school, on pages that visitors see too. */
export const SCHOOL_MARKS = ['logo', 'favicon'] as const;
export type SchoolMark = (typeof SCHOOL_MARKS)[number];

/** Bytes that such a picture may have. */
export const LARGEST_MARK = 5_000_000;
/** Pairs of colours that are proposed from a logo, at most. */
export const MOST_PROPOSALS = 4;

/** Name of a picture among the school's: what its public address ends in. */
export const PictureId = Type.String({ pattern: '^([0-9a-f]{16}|[0-9a-f]{32})$' });

export const MARK_UPLOAD_ERRORS = [
  'quota_exceeded',
  'file_too_large',
  'file_type_refused',
  'image_refused',
  'upload_cut',
  'file_expected',
] as const;
const own = { tag: 'current-tenant', zone: 'tenant', permission: 'school:brand' } as const;
const put = {
  ...own,
  method: 'PUT',
  upload: { types: [], maxBytes: LARGEST_MARK, files: 1, fields: {} },
  success: { status: 200, schema: Theme },
  errors: MARK_UPLOAD_ERRORS,
} as const;
const remove = { ...own, method: 'DELETE', success: { status: 200, schema: Theme } } as const;
const get = {
  tag: 'current-tenant',
  zone: 'public',
  method: 'GET',
  permission: 'anyone',
  whenClosed: true,
  query: Type.Object(
    {
      v: Type.Optional(
        Type.String({ maxLength: 40, description: 'Of this picture: the answer may be kept for ever' }),
      ),
    },
    { additionalProperties: false },
  ),
  success: {
    status: 200,
    schema: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }),
    file: 'image/*',
  },
} as const;

export const setLogo = defineRoute({
  ...put,
  name: 'setLogo',
  path: '/current-tenant/logo/',
  summary:
    'Give the school a logo, instead of the one it has; everyone sees it at once, as a version of the look',
});
export const removeLogo = defineRoute({
  ...remove,
  name: 'removeLogo',
  path: '/current-tenant/logo/',
  summary: 'Go back to the initials of the school’s name',
});
export const getLogo = defineRoute({
  ...get,
  name: 'getLogo',
  path: '/current-tenant/logo/',
  summary: 'The school’s logo, which the log-in page shows too; its address changes with it',
});
export const setFavicon = defineRoute({
  ...put,
  name: 'setFavicon',
  path: '/current-tenant/favicon/',
  summary: 'Give the school a picture for the tabs of browsers',
});
export const removeFavicon = defineRoute({
  ...remove,
  name: 'removeFavicon',
  path: '/current-tenant/favicon/',
  summary: 'Go back to the picture that is drawn from the school’s name and colours',
});
export const getFavicon = defineRoute({
  ...get,
  name: 'getFavicon',
  path: '/current-tenant/favicon/',
  summary: 'The picture that browsers show in the school’s tabs; its address changes with it',
});

export const ColourProposals = Type.Object({
  results: Type.Array(Type.Object({ primary_color: Type.String(), secondary_color: Type.String() }), {
    description: 'The strongest colour of the logo first; none for one without colours',
  }),
});
export type ColourProposals = Static<typeof ColourProposals>;

export const proposeColours = defineRoute({
  tag: 'current-tenant',
  zone: 'tenant',
  name: 'proposeColours',
  method: 'GET',
  path: '/current-tenant/logo/colours/',
  permission: 'school:brand',
  summary: 'Pairs of colours that go with the school’s logo, or with another picture of its own',
  query: Type.Object({ picture: Type.Optional(PictureId) }, { additionalProperties: false }),
  success: { status: 200, schema: ColourProposals },
});
