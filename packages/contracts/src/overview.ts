import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { Uuid } from './fields.ts';
import { TENANT_STATUSES, type TenantStatus } from './vocabulary.ts';

/** Schools that the list of the fullest has at most. */
export const FULLEST_SCHOOLS = 5;
/** Months that growth is told for, this one among them. */
export const GROWTH_MONTHS = 12;

const counts = Object.fromEntries(TENANT_STATUSES.map((status) => [status, Type.Integer()])) as Record<
  TenantStatus,
  ReturnType<typeof Type.Integer>
>;

export const Overview = Type.Object({
  schools: Type.Object({ total: Type.Integer(), by_status: Type.Object(counts) }),
  growth: Type.Array(
    Type.Object({
      month: Type.String({ description: 'Year and month: 2026-11' }),
      created: Type.Integer({ description: 'Schools that were created in it and are still known' }),
      total: Type.Integer({ description: 'Schools at its end' }),
    }),
    { description: 'The oldest month first' },
  ),
  people: Type.Object({ users: Type.Integer(), students: Type.Integer() }),
  storage: Type.Object({
    used_bytes: Type.Integer(),
    limit_bytes: Type.Integer({ description: 'What all schools together may take' }),
    fullest: Type.Array(
      Type.Object({
        id: Uuid,
        name: Type.String(),
        used_bytes: Type.Integer(),
        limit_bytes: Type.Integer(),
        percentage: Type.Number(),
      }),
      { description: 'Schools with the least room left, by share' },
    ),
  }),
  jobs: Type.Object({
    queued: Type.Integer(),
    running: Type.Integer(),
    failed: Type.Integer({ description: 'In the last 24 hours' }),
  }),
  alerts: Type.Object(
    {
      signups_waiting: Type.Integer({ description: 'Requests for schools that wait for a decision' }),
      provisioning_failed: Type.Integer({ description: 'Schools whose space could not be built' }),
      seats_nearly_taken: Type.Integer({
        description: 'Schools with 95 % of their student seats taken',
      }),
      storage_nearly_full: Type.Integer({
        description: 'Schools with less than a twentieth of their room left',
      }),
      domains_failing: Type.Integer({ description: 'Domains that worked once and fail the daily check' }),
      schools_behind: Type.Integer({ description: 'Schools whose tables are not of this release' }),
      jobs_failed: Type.Integer({ description: 'In the last 24 hours' }),
      backups_missing: Type.Integer({ description: 'Open schools without a backup of the last 7 days' }),
    },
    { description: 'What somebody should look at, and how many there are of it' },
  ),
});
export type Overview = Static<typeof Overview>;

export const getOverview = defineRoute({
  zone: 'platform',
  tag: 'overview',
  name: 'getOverview',
  method: 'GET',
  path: '/overview/',
  permission: 'tenants:read',
  summary:
    'The whole installation at a glance: schools by state, growth, storage, jobs, and what needs somebody',
  success: { status: 200, schema: Overview },
});
