import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { PublicProfile } from './directory.ts';
import { Email, Nullable, Page, PageQuery, Phone, Url, Uuid } from './fields.ts';
import { FirstAdmin } from './tenants.ts';
import { SCHOOL_TYPES, type SchoolType } from './vocabulary.ts';

const strict = { additionalProperties: false } as const;
const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength, format: 'not-blank' });

/** What a school becomes whose category says nothing that is known here. */
export const DEFAULT_CATEGORY: SchoolType = 'ecole';
/** A network of schools, in one letter. */
export const NETWORK_LETTER = 'M';
// There is one platform, and it is there: nobody makes a second `R`.
const LETTERS = 'ABCDEFGHIJKLMNOPQSTUVWXYZ'.split('');

/** A school in the words of programs that know it as a place: see `docs/how-to/create-schools.md`. */
export const Place = Type.Object({
  uuid: Uuid,
  organisation: Type.String(),
  slug: Type.String(),
  short_description: Type.String(),
  long_description: Type.String(),
  adress: Nullable(Type.String()),
  postal_code: Type.String(),
  city: Nullable(Type.String()),
  phone: Type.String(),
  email: Type.String(),
  site_web: Nullable(Type.String()),
  legal_documents: Nullable(Type.String()),
  twitter: Nullable(Type.String()),
  facebook: Nullable(Type.String()),
  instagram: Nullable(Type.String()),
  map_img: Nullable(Type.String()),
  img_variations: PublicProfile.properties.img_variations,
  logo_variations: PublicProfile.properties.logo_variations,
  categorie: Type.Enum([...SCHOOL_TYPES]),
  domain_url: Type.String({ description: 'Address of the school’s own space' }),
});
export type Place = Static<typeof Place>;

export const PlaceCreate = Type.Object(
  {
    organisation: Text(200),
    short_description: Type.String({ maxLength: 300 }),
    long_description: Type.String({ maxLength: 5_000 }),
    phone: Phone,
    email: Email,
    site_web: Url,
    postal_code: Text(20),
    img_url: { ...Url, description: 'A picture, which is fetched once the school is there' },
    logo_url: { ...Url, description: 'The logo, likewise' },
    categorie: Type.Enum([...SCHOOL_TYPES, ...LETTERS], {
      description: `A type of school; or a letter: ${NETWORK_LETTER} is a network, any other ${DEFAULT_CATEGORY}`,
    }),
    adress: Type.Optional(Nullable(Type.String({ maxLength: 500 }))),
    city: Type.Optional(Nullable(Type.String({ maxLength: 120 }))),
  },
  strict,
);
export type PlaceCreate = Static<typeof PlaceCreate>;

const platform = { zone: 'platform', tag: 'directory' } as const;

export const listPlaces = defineRoute({
  ...platform,
  name: 'listPlaces',
  method: 'GET',
  path: '/place/',
  permission: 'anyone',
  summary: 'The directory in the words of places: schools that show themselves',
  query: Type.Object(
    { ...PageQuery, search: Type.Optional(Type.String({ maxLength: 200, description: 'In name and town' })) },
    strict,
  ),
  success: { status: 200, schema: Page(Place) },
});
export const getPlace = defineRoute({
  ...platform,
  name: 'getPlace',
  method: 'GET',
  path: '/place/:school/',
  permission: 'anyone',
  summary: 'One of them, by its id or slug',
  params: Type.Object({ school: Type.String({ minLength: 1, maxLength: 63 }) }, strict),
  success: { status: 200, schema: Place },
});
export const createPlace = defineRoute({
  ...platform,
  name: 'createPlace',
  method: 'POST',
  path: '/place/',
  permission: 'tenants:create',
  summary: 'Create a school, open it and show it in the directory, in the words of places',
  body: PlaceCreate,
  success: { status: 201, schema: Type.Object({ ...Place.properties, first_admin: FirstAdmin }) },
  errors: ['subdomain_taken', 'provisioning_failed'],
});
