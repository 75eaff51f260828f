import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DateTime, Domain, Id, Page, Uuid } from './fields.ts';
import { DOMAIN_STATUSES } from './vocabulary.ts';

export const DomainView = Type.Object({
  id: Uuid,
  domain: Type.String(),
  is_primary: Type.Boolean(),
  status: Type.Enum([...DOMAIN_STATUSES]),
  created_at: DateTime,
  challenge: Type.Optional(
    Type.Object(
      { name: Type.String(), type: Type.Literal('TXT'), value: Type.String() },
      { description: 'The DNS record that proves ownership, while the domain is pending' },
    ),
  ),
});
export type DomainView = Static<typeof DomainView>;

const platform = { zone: 'platform', tag: 'domains' } as const;

const DomainParams = Type.Object({ ...Id.properties, did: Uuid }, { additionalProperties: false });
export const listDomains = defineRoute({
  ...platform,
  name: 'listDomains',
  method: 'GET',
  path: '/tenants/:id/domains/',
  permission: 'tenants:read',
  summary: 'Addresses of a school',
  params: Id,
  success: { status: 200, schema: Page(DomainView) },
});
export const addDomain = defineRoute({
  ...platform,
  name: 'addDomain',
  method: 'POST',
  path: '/tenants/:id/add_domain/',
  permission: 'domains:manage',
  summary: 'Add an address; a domain of the school’s own stays pending until it is verified or vouched for',
  params: Id,
  body: Type.Object(
    {
      domain: Domain,
      is_primary: Type.Optional(Type.Boolean({ default: false })),
      vouched: Type.Optional(
        Type.Boolean({
          default: false,
          description: 'The platform answers for the ownership: no DNS challenge',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  success: { status: 201, schema: DomainView },
  errors: ['domain_taken', 'domain_not_active', 'illegal_transition'],
});
export const makePrimaryDomain = defineRoute({
  ...platform,
  name: 'makePrimaryDomain',
  method: 'POST',
  path: '/tenants/:id/domains/:did/make_primary/',
  permission: 'domains:manage',
  summary: 'Make an active address the main one',
  params: DomainParams,
  success: { status: 200, schema: DomainView },
  errors: ['domain_not_active'],
});
export const removeDomain = defineRoute({
  ...platform,
  name: 'removeDomain',
  method: 'DELETE',
  path: '/tenants/:id/domains/:did/',
  permission: 'domains:manage',
  summary: 'Remove an address',
  params: DomainParams,
  success: { status: 204 },
  errors: ['domain_is_primary', 'domain_is_subdomain'],
});
