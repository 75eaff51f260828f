import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { AgendaEntry, AgendaQuery, DirectoryQuery, PublicProfile } from './directory.ts';
import { Tag } from './events.ts';
import { DateTime, Id, Nullable, Page, Url, Uuid } from './fields.ts';
import { SCHOOL_TYPES } from './vocabulary.ts';

const strict = { additionalProperties: false } as const;

/** Of a school with a network, seen from either side. */
export const NetworkMembership = Type.Object({
  id: Type.String({ format: 'uuid', description: 'Of the other side: the network, or the school' }),
  name: Type.String(),
  subdomain: Type.String(),
  city: Type.String(),
  school_type: Type.Enum([...SCHOOL_TYPES]),
  status: Type.Enum(['waiting', 'accepted']),
  asked_by: Type.Enum(['us', 'them'], { description: 'Whoever asked waits for the other to answer' }),
  message: Type.String(),
  created_at: DateTime,
  accepted_at: Nullable(DateTime),
});
export type NetworkMembership = Static<typeof NetworkMembership>;

export const MembershipAsk = Type.Object(
  {
    subdomain: Type.String({
      minLength: 1,
      maxLength: 63,
      description: 'Of the network to join; of the school to invite, where a network asks',
    }),
    message: Type.Optional(Type.String({ maxLength: 1_000 })),
  },
  strict,
);
export type MembershipAsk = Static<typeof MembershipAsk>;

const Link = Type.Optional(Nullable(Url));
/** What a school decides to show of itself. */
export const OwnProfile = Type.Object({
  listed: Type.Boolean({ description: 'Whether everybody finds the school in the directory' }),
  short_description: Type.String(),
  long_description: Type.String(),
  tags: Type.Array(Type.String()),
  twitter: Nullable(Type.String()),
  facebook: Nullable(Type.String()),
  instagram: Nullable(Type.String()),
  legal_documents: Nullable(Type.String()),
  map_img: Nullable(Type.String()),
  img_url: Nullable(Type.String({ description: 'A picture that is yet to be fetched' })),
  has_img: Type.Boolean(),
});
export type OwnProfile = Static<typeof OwnProfile>;

export const ProfileFields = {
  short_description: Type.Optional(Type.String({ maxLength: 300 })),
  long_description: Type.Optional(Type.String({ maxLength: 5_000 })),
  img_url: Type.Optional({
    ...Nullable(Url),
    description: 'A picture, which is fetched once; null takes it away',
  }),
};
export const ProfilePatch = Type.Object(
  {
    listed: Type.Optional(Type.Boolean()),
    ...ProfileFields,
    tags: Type.Optional(Type.Array(Tag, { maxItems: 12, uniqueItems: true })),
    twitter: Link,
    facebook: Link,
    instagram: Link,
    legal_documents: Link,
    map_img: Link,
  },
  { ...strict, minProperties: 1 },
);
export type ProfilePatch = Static<typeof ProfilePatch>;

const tenant = { zone: 'tenant', tag: 'network' } as const;

export const listMemberships = defineRoute({
  ...tenant,
  name: 'listMemberships',
  method: 'GET',
  path: '/network/memberships/',
  permission: 'network:manage',
  summary: 'Networks of the school, or schools of the network, and requests that wait for an answer',
  success: { status: 200, schema: Type.Array(NetworkMembership) },
});
export const askMembership = defineRoute({
  ...tenant,
  name: 'askMembership',
  method: 'POST',
  path: '/network/memberships/',
  permission: 'network:manage',
  summary: 'Ask a network to join it, or, as a network, invite a school',
  body: MembershipAsk,
  success: { status: 201, schema: NetworkMembership },
  errors: ['membership_exists', 'not_found'],
});
export const acceptMembership = defineRoute({
  ...tenant,
  name: 'acceptMembership',
  method: 'POST',
  path: '/network/memberships/:id/accept/',
  permission: 'network:manage',
  summary: 'Accept what the other side asked for',
  params: Id,
  success: { status: 200, schema: NetworkMembership },
  errors: ['not_yours_to_accept'],
});
export const endMembership = defineRoute({
  ...tenant,
  name: 'endMembership',
  method: 'DELETE',
  path: '/network/memberships/:id/',
  permission: 'network:manage',
  summary: 'Refuse, withdraw or leave: what was shared disappears at once',
  params: Id,
  success: { status: 204 },
});
export const getOwnProfile = defineRoute({
  ...tenant,
  name: 'getOwnProfile',
  method: 'GET',
  path: '/network/profile/',
  permission: 'network:manage',
  etag: true,
  summary: 'What the school shows of itself in the directory',
  success: { status: 200, schema: OwnProfile },
});
export const updateOwnProfile = defineRoute({
  ...tenant,
  name: 'updateOwnProfile',
  method: 'PATCH',
  path: '/network/profile/',
  permission: 'network:manage',
  etag: true,
  summary: 'Change it, or be in the directory or not',
  body: ProfilePatch,
  success: { status: 200, schema: OwnProfile },
});

const ofNetwork = {
  network: Type.Optional({ ...Uuid, description: 'One of the school’s networks; without it the main one' }),
};
export const listNetworkAgenda = defineRoute({
  ...tenant,
  name: 'listNetworkAgenda',
  module: 'agenda',
  method: 'GET',
  path: '/network/agenda/',
  permission: 'events:read',
  summary: 'What the schools of the network share with one another',
  query: Type.Object({ ...AgendaQuery.properties, ...ofNetwork }, strict),
  success: { status: 200, schema: Page(AgendaEntry) },
  errors: ['no_network', 'range_too_long'],
});
export const listNetworkDirectory = defineRoute({
  ...tenant,
  name: 'listNetworkDirectory',
  method: 'GET',
  path: '/network/directory/',
  permission: 'school:read',
  summary: 'The schools of the network',
  query: Type.Object({ ...DirectoryQuery.properties, ...ofNetwork }, strict),
  success: { status: 200, schema: Page(PublicProfile) },
  errors: ['no_network'],
});
