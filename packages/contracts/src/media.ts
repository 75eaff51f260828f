import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DateTime, Id, Nullable, Uuid } from './fields.ts';

export const MEDIA_FOLDERS = ['documents', 'avatars', 'school_assets'] as const;
export type MediaFolder = (typeof MEDIA_FOLDERS)[number];

/** Smaller pictures that are made of each image: the box they fit in, or, where `crop` is said, fill. In pixels. */
export const MEDIA_VARIANTS = {
  fhd: { width: 1920, height: 1920, crop: false },
  hdr: { width: 720, height: 720, crop: false },
  med: { width: 480, height: 480, crop: false },
  thumbnail: { width: 150, height: 90, crop: false },
  crop_hdr: { width: 960, height: 540, crop: true },
  crop: { width: 480, height: 270, crop: true },
} as const;
export type MediaVariant = keyof typeof MEDIA_VARIANTS;
const VARIANT_NAMES = Object.keys(MEDIA_VARIANTS) as MediaVariant[];

/** Days that a file stays in the trash. */
export const TRASH_DAYS = 30;

const strict = { additionalProperties: false } as const;
const Folder = Type.Enum([...MEDIA_FOLDERS]);
const Variant = Type.Enum(VARIANT_NAMES, {
  description: 'A smaller picture of an image; the file itself where there is none yet',
});

export const MediaFile = Type.Object({
  id: Uuid,
  name: Type.String({
    description: 'Made safe: no path, no control or direction characters, 255 bytes at most',
  }),
  alt: Type.String({ description: 'Alternative text of an image' }),
  folder: Folder,
  purpose: Nullable(Type.Enum(['logo', 'favicon', 'banner'])),
  media_type: Type.String({ description: 'As the bytes say, whatever the sender said' }),
  kind: Type.Enum(['image', 'audio', 'video', 'document']),
  bytes: Type.Integer({
    description: 'Of the file as it is kept: images are re-encoded without what cameras note',
  }),
  sha256: Type.String(),
  width: Nullable(Type.Integer()),
  height: Nullable(Type.Integer()),
  url: Type.String({ description: 'Of the content, on the school’s host' }),
  variants: Type.Array(
    Type.Object({
      variant: Variant,
      width: Type.Integer(),
      height: Type.Integer(),
      formats: Type.Array(Type.String()),
    }),
  ),
  uploader: Type.Object({ id: Nullable(Uuid), name: Type.String() }),
  may_edit: Type.Boolean({ description: 'Whether the reader may change, delete or restore it' }),
  created_at: DateTime,
  updated_at: DateTime,
  trashed_at: Nullable(DateTime),
  purged_at: Nullable(
    Type.String({ format: 'date-time', description: 'When it will leave the trash for good' }),
  ),
});
export type MediaFile = Static<typeof MediaFile>;

export const MediaPage = Type.Object({
  next: Nullable(Type.String({ description: 'Address of the next page' })),
  results: Type.Array(MediaFile),
});
export type MediaPage = Static<typeof MediaPage>;

export const MediaUsage = Type.Object({
  used_bytes: Type.Integer(),
  reserved_bytes: Type.Integer({ description: 'Promised to uploads that are under way' }),
  limit_bytes: Type.Integer(),
  largest_file_bytes: Type.Integer({ description: 'Most that one file may have' }),
  warning: Type.Enum([0, 80, 95, 100], { description: 'Per cent that have been passed' }),
});
export type MediaUsage = Static<typeof MediaUsage>;

export const MediaPatch = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 255, format: 'not-blank' })),
    alt: Type.Optional(Type.String({ maxLength: 1_000 })),
    folder: Type.Optional(Folder),
  },
  { ...strict, minProperties: 1 },
);
export type MediaPatch = Static<typeof MediaPatch>;

export const MediaQuery = Type.Object(
  {
    folder: Type.Optional(Folder),
    kind: Type.Optional(Type.Enum(['image', 'audio', 'video', 'document'])),
    search: Type.Optional(Type.String({ maxLength: 200, description: 'In name and alternative text' })),
    trash: Type.Optional(Type.Boolean({ default: false, description: 'What is in the trash, instead' })),
    cursor: Type.Optional(Uuid),
    page_size: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 40 })),
  },
  strict,
);
export type MediaQuery = Static<typeof MediaQuery>;

/** Files of one request. */
export const MOST_FILES = 20;

const tenant = { zone: 'tenant', tag: 'media', module: 'media' } as const;
const one = { ...tenant, params: Id } as const;
const content = {
  status: 200,
  schema: Type.Unsafe<unknown>({ type: 'string', description: 'Its bytes' }),
  file: '*/*',
} as const;

export const listMedia = defineRoute({
  ...tenant,
  name: 'listMedia',
  method: 'GET',
  path: '/media/',
  permission: 'media:browse',
  summary: 'Files of the school, newest first',
  query: MediaQuery,
  success: { status: 200, schema: MediaPage },
});
export const uploadMedia = defineRoute({
  ...tenant,
  name: 'uploadMedia',
  method: 'POST',
  path: '/media/',
  permission: 'media:write',
  summary: 'Upload files: all of them or, if one is refused, none',
  upload: {
    types: [],
    maxBytes: 1024 ** 4,
    files: MOST_FILES,
    // Told before the files they are for.
    fields: { folder: Folder, alt: Type.String({ maxLength: 1_000 }) },
  },
  success: { status: 201, schema: Type.Object({ results: Type.Array(MediaFile) }) },
  errors: [
    'quota_exceeded',
    'file_too_large',
    'file_type_refused',
    'image_refused',
    'upload_cut',
    'file_expected',
  ],
});
export const mediaUsage = defineRoute({
  ...tenant,
  name: 'getMediaUsage',
  method: 'GET',
  path: '/media/usage/',
  permission: 'media:browse',
  summary: 'Room that the school’s files take, and what is left',
  success: { status: 200, schema: MediaUsage },
});
export const getMedia = defineRoute({
  ...one,
  name: 'getMedia',
  method: 'GET',
  path: '/media/:id/',
  permission: 'media:read',
  etag: true,
  summary: 'One file, without its content',
  success: { status: 200, schema: MediaFile },
});
export const updateMedia = defineRoute({
  ...one,
  name: 'updateMedia',
  method: 'PATCH',
  path: '/media/:id/',
  permission: 'media:write',
  etag: true,
  summary: 'Rename a file, describe it, move it to another folder: one’s own, or any as an administrator',
  body: MediaPatch,
  success: { status: 200, schema: MediaFile },
});
export const trashMedia = defineRoute({
  ...one,
  name: 'trashMedia',
  method: 'DELETE',
  path: '/media/:id/',
  permission: 'media:write',
  etag: true,
  summary: `Put a file in the trash, where it takes room for ${TRASH_DAYS} days more`,
  success: { status: 204 },
});
export const restoreMedia = defineRoute({
  ...one,
  name: 'restoreMedia',
  method: 'POST',
  path: '/media/:id/restore/',
  permission: 'media:write',
  summary: 'Take a file out of the trash',
  success: { status: 200, schema: MediaFile },
});
export const deleteMedia = defineRoute({
  ...one,
  name: 'deleteMedia',
  method: 'DELETE',
  path: '/media/:id/for_good/',
  permission: 'media:write',
  summary: 'Delete a file for good, from the trash or not',
  success: { status: 204 },
});
export const mediaContent = defineRoute({
  ...one,
  name: 'getMediaContent',
  method: 'GET',
  path: '/media/:id/content/',
  permission: 'media:read',
  summary: 'The file itself, or a smaller picture of it; in parts where asked',
  query: Type.Object(
    {
      variant: Type.Optional(Variant),
      download: Type.Optional(Type.Boolean({ default: false, description: 'To be saved, not shown' })),
    },
    strict,
  ),
  success: content,
  errors: ['range_not_satisfiable'],
});
export const linkMedia = defineRoute({
  ...one,
  name: 'linkMedia',
  method: 'POST',
  path: '/media/:id/links/',
  permission: 'media:write',
  summary: 'An address at which anybody can read the file for a while',
  body: Type.Object(
    {
      variant: Type.Optional(Variant),
      expires_in: Type.Optional(
        Type.Integer({ minimum: 60, maximum: 30 * 86_400, default: 3_600, description: 'Seconds' }),
      ),
    },
    strict,
  ),
  success: { status: 201, schema: Type.Object({ url: Type.String(), expires_at: DateTime }) },
});
export const sharedMedia = defineRoute({
  ...tenant,
  name: 'getSharedMedia',
  method: 'GET',
  path: '/media/shared/:token/',
  permission: 'anyone',
  summary: 'The file of an address that was given out',
  params: Type.Object({ token: Type.String({ maxLength: 150 }) }, strict),
  query: Type.Object({ download: Type.Optional(Type.Boolean({ default: false })) }, strict),
  success: content,
  errors: ['link_expired', 'range_not_satisfiable'],
});
