import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { Nullable, Uuid } from './fields.ts';
import { TENANT_FILTERS } from './tenants.ts';

const strict = { additionalProperties: false } as const;

export const BULK_ACTIONS = ['deactivate', 'activate'] as const;
export type BulkAction = (typeof BULK_ACTIONS)[number];

/** Most schools of one order: what became of each is one answer. */
export const BULK_MOST = 1_000;

/** Schools by name, by what they have in common, or both: then those of the named that have it. */
const chosen = {
  tenants: Type.Optional(Type.Array(Uuid, { minItems: 1, maxItems: BULK_MOST })),
  matching: Type.Optional(
    Type.Object(TENANT_FILTERS, {
      ...strict,
      description: 'The filters of the list of schools; an empty object is all of them',
    }),
  ),
};
export const TenantChoice = Type.Object(chosen, strict);
export type TenantChoice = Static<typeof TenantChoice>;

export const TenantBulk = Type.Object(
  {
    action: Type.Enum([...BULK_ACTIONS]),
    ...chosen,
    reason: Type.Optional(
      Nullable(Type.String({ maxLength: 500, description: 'Shown to visitors of the closed schools' })),
    ),
  },
  strict,
);
export type TenantBulk = Static<typeof TenantBulk>;

export const BULK_OUTCOMES = ['changed', 'unchanged', 'failed'] as const;
export const BulkLine = Type.Object({
  id: Uuid,
  name: Type.String(),
  subdomain: Type.String(),
  outcome: Type.Enum([...BULK_OUTCOMES]),
  code: Nullable(Type.String({ description: 'Why it failed' })),
  message: Nullable(Type.String()),
});
export type BulkLine = Static<typeof BulkLine>;

/** Result of the job: every school, in the order of the list. */
export const BulkReport = Type.Object({
  action: Type.Enum([...BULK_ACTIONS]),
  counts: Type.Object({ changed: Type.Integer(), unchanged: Type.Integer(), failed: Type.Integer() }),
  lines: Type.Array(BulkLine),
});
export type BulkReport = Static<typeof BulkReport>;

const platform = { zone: 'platform', tag: 'tenants' } as const;

export const changeTenants = defineRoute({
  ...platform,
  name: 'changeTenants',
  method: 'POST',
  path: '/tenants/bulk/',
  permission: 'tenants:lifecycle',
  summary: `Close or reopen up to ${BULK_MOST} schools, one by one, in a job whose result says what became of each`,
  body: TenantBulk,
  success: { status: 202, schema: Type.Object({ job_id: Uuid, count: Type.Integer() }) },
  errors: ['no_school_matches', 'too_many_schools'],
});

export const exportTenants = defineRoute({
  ...platform,
  name: 'exportTenants',
  method: 'POST',
  path: '/tenants/export/',
  permission: 'tenants:read',
  summary: 'Descriptions of schools as CSV; the export is itself put down',
  body: TenantChoice,
  success: { status: 200, schema: Type.String(), file: 'text/csv' },
});
