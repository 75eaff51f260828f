import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DOMAIN_FINDINGS, type DomainFindingCode } from './domain-findings.ts';
import { DateTime, Domain, Id, Nullable, Page, Uuid } from './fields.ts';
import { DOMAIN_KINDS, DOMAIN_STATUSES } from './vocabulary.ts';

const RECORDS = ['TXT', 'CNAME', 'A', 'AAAA', 'CAA'] as const;
export const DomainFinding = Type.Object({
  record: Type.Enum([...RECORDS]),
  name: Type.String({ description: 'Where the record is to be' }),
  result: Type.Enum(['ok', 'wrong', 'unknown']),
  code: Type.Enum(Object.keys(DOMAIN_FINDINGS) as DomainFindingCode[]),
  values: Type.Record(Type.String(), Type.String()),
  found: Type.Array(Type.String(), { description: 'What DNS answers' }),
  expected: Type.Array(Type.String(), { description: 'What it is to answer' }),
  message: Type.String({ description: 'The finding in the reader’s language' }),
});
export type DomainFinding = Static<typeof DomainFinding>;

export const DomainReport = Type.Object({
  checked_at: DateTime,
  verified: Nullable(Type.Boolean({ description: 'Ownership is proved; null when DNS does not answer' })),
  leads_here: Nullable(Type.Boolean({ description: 'Visitors arrive here; null when that cannot be told' })),
  ready: Type.Boolean({ description: 'Nothing is left to do' }),
  findings: Type.Array(DomainFinding),
  certificate: Type.Optional(
    Nullable(
      Type.Object({
        issuer: Type.String(),
        valid_until: DateTime,
        trusted: Type.Boolean({ description: 'Whether browsers would trust it for this domain' }),
      }),
    ),
  ),
});
export type DomainReport = Static<typeof DomainReport>;

export const DomainView = Type.Object({
  id: Uuid,
  domain: Type.String(),
  unicode: Type.String({ description: 'The domain as people write it' }),
  kind: Type.Enum([...DOMAIN_KINDS]),
  is_primary: Type.Boolean(),
  status: Type.Enum([...DOMAIN_STATUSES]),
  redirects: Type.Boolean({ description: 'Answers 308 to the primary address' }),
  created_at: DateTime,
  checked_at: Nullable(DateTime),
  failing_since: Nullable(DateTime),
  expires_at: Nullable({ ...DateTime, description: 'When a former subdomain is given free' }),
  challenge: Type.Optional(
    Type.Object(
      { name: Type.String(), type: Type.Literal('TXT'), value: Type.String() },
      { description: 'The DNS record that proves ownership; to stay there' },
    ),
  ),
});
export type DomainView = Static<typeof DomainView>;

export const DomainDetail = Type.Object({ ...DomainView.properties, report: Nullable(DomainReport) });
export type DomainDetail = Static<typeof DomainDetail>;

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
export const getDomain = defineRoute({
  ...platform,
  name: 'getDomain',
  method: 'GET',
  path: '/tenants/:id/domains/:did/',
  permission: 'tenants:read',
  summary: 'One address, with what the last check found',
  params: DomainParams,
  success: { status: 200, schema: DomainDetail },
});
export const editDomain = defineRoute({
  ...platform,
  name: 'editDomain',
  method: 'PATCH',
  path: '/tenants/:id/domains/:did/',
  permission: 'domains:manage',
  summary: 'Say whether an address answers itself or redirects to the main one',
  params: DomainParams,
  body: Type.Object({ redirects: Type.Boolean() }, { additionalProperties: false }),
  success: { status: 200, schema: DomainView },
  errors: ['domain_is_primary', 'domain_is_former'],
});
export const verifyDomain = defineRoute({
  ...platform,
  name: 'verifyDomain',
  method: 'POST',
  path: '/tenants/:id/domains/:did/verify/',
  permission: 'domains:manage',
  summary:
    'Ask DNS now: what it answers, what it is to answer; a pending domain whose record is there becomes active',
  params: DomainParams,
  success: { status: 200, schema: DomainDetail },
});
export const vouchForDomain = defineRoute({
  ...platform,
  name: 'vouchForDomain',
  method: 'POST',
  path: '/tenants/:id/domains/:did/vouch/',
  permission: 'domains:vouch',
  summary: 'Answer for the ownership of a domain: active without its DNS record',
  params: DomainParams,
  success: { status: 200, schema: DomainView },
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
  errors: ['domain_not_active', 'domain_is_former'],
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
