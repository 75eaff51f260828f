import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DateTime, Nullable, Uuid } from './fields.ts';

export const ACTOR_TYPES = ['user', 'key', 'operator', 'system', 'visitor'] as const;

/** One thing that was done, or refused. */
export const AuditRow = Type.Object({
  seq: Type.Integer({ description: 'Number of the row, unique on the platform' }),
  at: DateTime,
  tenant_id: Nullable(Uuid),
  tenant_name: Nullable(Type.String({ description: 'As the school is called now; null when it was erased' })),
  actor_type: Type.Enum([...ACTOR_TYPES]),
  actor_id: Nullable(Uuid),
  actor: Type.String(),
  support: Nullable(
    Type.Object(
      { grant_id: Uuid, granted_by: Type.String() },
      { description: 'Acted by leave of the school' },
    ),
  ),
  action: Type.String(),
  target_type: Type.String(),
  target_id: Nullable(Type.String()),
  before: Type.Unknown(),
  after: Type.Unknown(),
  ip: Nullable(Type.String()),
  request_id: Nullable(Type.String()),
});
export type AuditRow = Static<typeof AuditRow>;

const filters = {
  actor: Type.Optional(
    Type.String({ minLength: 1, maxLength: 254, description: 'Id, e-mail address or name' }),
  ),
  action: Type.Optional(
    Type.String({
      pattern: '^[a-z_]+(\\.[a-z_]*)?$',
      maxLength: 60,
      description: 'Whole, or its first word: `tenant.create`, `tenant`',
    }),
  ),
  since: Type.Optional(DateTime),
  until: Type.Optional(DateTime),
  search: Type.Optional(
    Type.String({ minLength: 1, maxLength: 100, description: 'In who did it, and what it was done to' }),
  ),
};
const tenant = Type.Optional(
  Type.String({
    pattern: '^(platform|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$',
    description: 'Id of a school, or `platform` for what concerns none',
  }),
);
const paging = {
  page_size: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
  page: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 50,
      default: 1,
      description: 'From the cursor on, or from the newest',
    }),
  ),
  cursor: Type.Optional(
    Type.String({
      pattern: '^[0-9]{1,17}-[0-9]{1,17}$',
      description: 'As `next` has it: rows older than this one',
    }),
  ),
  newer: Type.Optional(
    Type.String({
      pattern: '^[0-9]{1,17}-[0-9]{1,17}$',
      description: 'As `previous` has it: rows newer than this one',
    }),
  ),
};
const strict = { additionalProperties: false } as const;

/** Filters of the trail as a school has them. */
export const AuditFilters = Type.Object(filters, strict);
export type AuditFilters = Static<typeof AuditFilters>;

export const AuditPage = Type.Object({
  count: Type.Integer({ description: 'At most 10000' }),
  count_is_exact: Type.Boolean({ description: 'False: there are more than `count`' }),
  next: Nullable(Type.String()),
  previous: Nullable(Type.String()),
  results: Type.Array(AuditRow),
});
export type AuditPage = Static<typeof AuditPage>;

export const AUDIT_PROBLEMS = [
  'changed',
  'deleted',
  'gap',
  'relinked',
  'cut',
  'head',
  'unlinked',
  'rewritten',
] as const;
export const AuditProblem = Type.Object({
  tenant_id: Nullable(Uuid),
  kind: Type.Enum([...AUDIT_PROBLEMS], {
    description:
      'changed: the row is not what was written; deleted: the row is gone; gap: links are missing, from `position` to `until`; relinked: the link before it is another one; cut: the newest are missing; head: the end that is noted is not where the chain ends; unlinked: a row that was put in past the application; rewritten: not what was noted elsewhere',
  }),
  seq: Nullable(Type.Integer()),
  position: Nullable(Type.Integer({ description: 'Place in the chain, from 1' })),
  until: Type.Optional(Type.Integer()),
  action: Nullable(Type.String()),
  at: Nullable(DateTime),
});
export type AuditProblem = Static<typeof AuditProblem>;
export const AuditVerdict = Type.Object({
  holds: Type.Boolean(),
  chains: Type.Integer(),
  rows: Type.Integer(),
  problems: Type.Array(AuditProblem, { description: 'The first hundred' }),
});
export type AuditVerdict = Static<typeof AuditVerdict>;

const csv = { status: 200, schema: Type.String(), file: 'text/csv' } as const;

export const listAudit = defineRoute({
  tag: 'audit',
  name: 'listAudit',
  method: 'GET',
  path: '/audit_log/',
  zone: 'platform',
  permission: 'audit:read',
  summary: 'What was done on the platform and in its schools, newest first',
  query: Type.Object({ tenant, ...filters, ...paging }, strict),
  success: { status: 200, schema: AuditPage },
});
export const exportAudit = defineRoute({
  tag: 'audit',
  name: 'exportAudit',
  method: 'GET',
  path: '/audit_log/export/',
  zone: 'platform',
  permission: 'audit:read',
  summary: 'The same as CSV, all of it; the export is itself put down',
  query: Type.Object({ tenant, ...filters }, strict),
  success: csv,
});
export const verifyAudit = defineRoute({
  tag: 'audit',
  name: 'verifyAudit',
  method: 'GET',
  path: '/audit_log/verify/',
  zone: 'platform',
  permission: 'audit:read',
  rateLimit: 10,
  summary: 'Whether the trail is as it was written, of one school or all',
  query: Type.Object({ tenant }, strict),
  success: { status: 200, schema: AuditVerdict },
  errors: ['too_many_requests'],
});

export const listOwnAudit = defineRoute({
  tag: 'audit',
  name: 'listOwnAudit',
  method: 'GET',
  path: '/current-tenant/audit_log/',
  zone: 'tenant',
  permission: 'school:audit',
  summary: 'What was done in this school, newest first',
  query: Type.Object({ ...filters, ...paging }, strict),
  success: { status: 200, schema: AuditPage },
});
export const exportOwnAudit = defineRoute({
  tag: 'audit',
  name: 'exportOwnAudit',
  method: 'GET',
  path: '/current-tenant/audit_log/export/',
  zone: 'tenant',
  permission: 'school:audit',
  summary: 'The same as CSV, all of it; the export is itself put down',
  query: AuditFilters,
  success: csv,
});
export const verifyOwnAudit = defineRoute({
  tag: 'audit',
  name: 'verifyOwnAudit',
  method: 'GET',
  path: '/current-tenant/audit_log/verify/',
  zone: 'tenant',
  permission: 'school:audit',
  rateLimit: 10,
  summary: 'Whether this school’s trail is as it was written',
  success: { status: 200, schema: AuditVerdict },
  errors: ['too_many_requests'],
});
