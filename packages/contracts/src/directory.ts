import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { Tag } from './events.ts';
import { DateOnly, DateTime, Nullable, Page, PageQuery, Uuid } from './fields.ts';
import { MEDIA_VARIANTS, type MediaVariant } from './media.ts';
import { SCHOOL_TYPES } from './vocabulary.ts';

const strict = { additionalProperties: false } as const;
const SchoolType = Type.Enum([...SCHOOL_TYPES]);

/** Entries after a page that an agenda of many schools counts: `count` stops there, and `next` is right all the same. */
export const COUNTED_BEYOND = 100;

const VARIANTS = Object.keys(MEDIA_VARIANTS) as MediaVariant[];
const Variations = Nullable(
  Type.Object(Object.fromEntries(VARIANTS.map((variant) => [variant, Type.String()])), {
    description: 'Address of the picture in each size; null without a picture',
  }),
);

/** What a school shows of itself to everybody. */
export const PublicProfile = Type.Object({
  id: Uuid,
  slug: Type.String(),
  school_name: Type.String(),
  school_type: SchoolType,
  short_description: Type.String(),
  long_description: Type.String(),
  phone: Type.String(),
  email: Type.String(),
  website: Nullable(Type.String()),
  address: Type.String(),
  postal_code: Type.String(),
  city: Type.String(),
  twitter: Nullable(Type.String()),
  facebook: Nullable(Type.String()),
  instagram: Nullable(Type.String()),
  legal_documents: Nullable(Type.String()),
  map_img: Nullable(Type.String()),
  img_variations: Variations,
  logo_variations: Variations,
  tags: Type.Array(Type.String()),
  domain_url: Type.String({ description: 'Address of the school’s own space' }),
  primary_color: Type.String(),
  secondary_color: Type.String(),
  has_agenda: Type.Boolean({ description: 'Whether its agenda is to be seen' }),
});
export type PublicProfile = Static<typeof PublicProfile>;

export const DirectoryQuery = Type.Object(
  {
    ...PageQuery,
    search: Type.Optional(Type.String({ maxLength: 200, description: 'In name and town' })),
    school_type: Type.Optional(SchoolType),
    tag: Type.Optional(Tag),
    city: Type.Optional(Type.String({ minLength: 1, maxLength: 120 })),
  },
  strict,
);
export type DirectoryQuery = Static<typeof DirectoryQuery>;

/** An occurrence in an agenda of several schools. */
export const AgendaEntry = Type.Object({
  event_id: Uuid,
  day: DateOnly,
  title: Type.String(),
  description: Type.String(),
  place: Type.String(),
  all_day: Type.Boolean(),
  starts_at: DateTime,
  ends_at: DateTime,
  starts_on: DateOnly,
  ends_on: DateOnly,
  tags: Type.Array(Type.String()),
  school: Type.Object({
    id: Uuid,
    slug: Type.String(),
    name: Type.String(),
    city: Type.String(),
    domain_url: Type.String(),
    primary_color: Type.String(),
  }),
});
export type AgendaEntry = Static<typeof AgendaEntry>;

const agendaFields = {
  from: Type.Optional(Type.String({ format: 'moment', maxLength: 40, description: 'Without it: today' })),
  to: Type.Optional(
    Type.String({ format: 'moment', maxLength: 40, description: 'Without it: 92 days after `from`' }),
  ),
  tag: Type.Optional(Tag),
  school: Type.Optional({ ...Uuid, description: 'Of one school alone' }),
};
export const AgendaQuery = Type.Object({ ...PageQuery, ...agendaFields }, strict);
export type AgendaQuery = Static<typeof AgendaQuery>;

const open = { zone: 'public', permission: 'anyone' } as const;

export const listDirectory = defineRoute({
  ...open,
  name: 'listDirectory',
  tag: 'directory',
  method: 'GET',
  path: '/directory/',
  summary: 'Schools that show themselves: all at the base, those of a network at its address',
  query: DirectoryQuery,
  success: { status: 200, schema: Page(PublicProfile) },
  errors: ['not_found'],
});
export const getDirectoryEntry = defineRoute({
  ...open,
  name: 'getDirectoryEntry',
  tag: 'directory',
  method: 'GET',
  path: '/directory/:school/',
  summary: 'What one school shows of itself, by its id or slug',
  params: Type.Object({ school: Type.String({ minLength: 1, maxLength: 63 }) }, strict),
  success: { status: 200, schema: PublicProfile },
});
export const getDirectoryPicture = defineRoute({
  ...open,
  name: 'getDirectoryPicture',
  tag: 'directory',
  method: 'GET',
  path: '/directory/:school/:picture/:variant/',
  summary: 'A picture of a school in one of the sizes',
  params: Type.Object(
    {
      school: Uuid,
      picture: Type.Enum(['img', 'logo']),
      variant: Type.Enum([...VARIANTS]),
    },
    strict,
  ),
  query: Type.Object({ v: Type.Optional(Type.String({ maxLength: 64 })) }, strict),
  success: { status: 200, schema: Type.Unsafe<unknown>({}), file: 'image/*' },
  errors: ['range_not_satisfiable'],
});
export const listAgenda = defineRoute({
  ...open,
  name: 'listAgenda',
  tag: 'agenda',
  module: 'agenda',
  method: 'GET',
  path: '/agenda/',
  summary:
    'Public events: of all schools that show themselves at the base, of a network or a school at its address',
  query: AgendaQuery,
  success: { status: 200, schema: Page(AgendaEntry) },
  errors: ['range_too_long'],
});
export const getAgendaCalendar = defineRoute({
  ...open,
  name: 'getAgendaCalendar',
  tag: 'agenda',
  module: 'agenda',
  method: 'GET',
  path: '/agenda.ics/',
  summary: 'The same as an iCalendar file',
  query: Type.Object(agendaFields, strict),
  success: { status: 200, schema: Type.String(), file: 'text/calendar' },
  errors: ['range_too_long'],
});
