import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DateTime, Id, Nullable, Page, PageQuery, Uuid } from './fields.ts';
import { FLEET_RUN_STATUSES } from './vocabulary.ts';

const Version = Nullable(Type.String({ description: 'Last migration; null for none' }));
const named = {
  schema_name: Type.String(),
  subdomain: Nullable(Type.String({ description: 'Null for a schema that no school has taken yet' })),
  name: Nullable(Type.String()),
};

export const FleetRun = Type.Object({
  id: Uuid,
  kind: Type.Enum(['migrate', 'rollback']),
  status: Type.Enum([...FLEET_RUN_STATUSES], { description: 'interrupted: its process died' }),
  target: Version,
  undoes: Nullable(Uuid),
  options: Type.Unknown(),
  total: Type.Integer({ description: 'Schools it found to do' }),
  migrated: Type.Integer(),
  failed: Type.Integer(),
  started_at: DateTime,
  ended_at: Nullable(DateTime),
});
export type FleetRun = Static<typeof FleetRun>;

export const FleetResult = Type.Object({
  ...named,
  from_version: Version,
  to_version: Version,
  applied: Type.Array(Type.String()),
  attempts: Type.Integer(),
  error: Nullable(Type.String()),
  at: DateTime,
});
export type FleetResult = Static<typeof FleetResult>;

export const FleetFailure = Type.Object({
  ...named,
  version: Version,
  error: Type.String(),
  attempts: Type.Integer(),
  run_id: Uuid,
  at: DateTime,
});

export const FleetStatus = Type.Object({
  head: Version,
  shared: Type.Object({ version: Version, current: Type.Boolean() }),
  total: Type.Integer({ description: 'Schemas, those that no school has taken yet too' }),
  current: Type.Integer(),
  behind: Type.Integer({ description: 'Without archived schools' }),
  archived_behind: Type.Integer({ description: 'Brought up to date when they are restored' }),
  ready: Type.Integer({ description: 'Schemas that no school has taken yet' }),
  versions: Type.Array(Type.Object({ version: Version, schools: Type.Integer() })),
  failed: Type.Array(FleetFailure, { description: 'Behind, and why; the first 500' }),
  last_run: Nullable(FleetRun),
});
export type FleetStatus = Static<typeof FleetStatus>;

export const FleetDrift = Type.Object({
  compared: Type.Integer(),
  drifted: Type.Array(
    Type.Object({
      ...named,
      version: Version,
      unknown_version: Type.Boolean({ description: 'Migrated by newer code: nothing to compare with' }),
      differences: Type.Array(
        Type.Object({
          kind: Type.String(),
          object: Type.String(),
          expected: Nullable(Type.String()),
          found: Nullable(Type.String()),
        }),
      ),
    }),
  ),
  orphans: Type.Array(
    Type.Object({
      kind: Type.Enum(['schema', 'role', 'version', 'missing']),
      schema_name: Type.String(),
    }),
  ),
});
export type FleetDrift = Static<typeof FleetDrift>;

const canary = Type.Integer({
  minimum: 1,
  maximum: 100_000,
  description: 'Schools in the first wave; a wave with a failure is the last',
});
export const FleetMigration = Type.Object(
  {
    school: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 255,
        description: 'Only this one: subdomain, domain, id or schema',
      }),
    ),
    canary: Type.Optional(canary),
    retry_failed: Type.Optional(
      Type.Boolean({ description: 'Only schools that failed at the version they are at' }),
    ),
    undo: Type.Optional(
      Type.String({ format: 'uuid', description: 'A run whose migrations are to be undone' }),
    ),
  },
  { additionalProperties: false },
);
export type FleetMigration = Static<typeof FleetMigration>;

const platform = { zone: 'platform', tag: 'fleet' } as const;

export const fleetStatus = defineRoute({
  ...platform,
  name: 'fleetStatus',
  method: 'GET',
  path: '/fleet/status/',
  permission: 'fleet:read',
  summary: 'Versions of all schools, which are behind and why',
  success: { status: 200, schema: FleetStatus },
  errors: ['migrations_missing'],
});
export const fleetDrift = defineRoute({
  ...platform,
  name: 'fleetDrift',
  method: 'GET',
  path: '/fleet/drift/',
  permission: 'fleet:read',
  summary:
    'Schools whose schema is not what their version makes, with the difference, and what has lost its school',
  success: { status: 200, schema: FleetDrift },
});
export const listFleetRuns = defineRoute({
  ...platform,
  name: 'listFleetRuns',
  method: 'GET',
  path: '/fleet/migrations/',
  permission: 'fleet:read',
  summary: 'Runs of the migrator, latest first',
  query: Type.Object({ ...PageQuery }, { additionalProperties: false }),
  success: { status: 200, schema: Page(FleetRun) },
});
export const getFleetRun = defineRoute({
  ...platform,
  name: 'getFleetRun',
  method: 'GET',
  path: '/fleet/migrations/:id/',
  permission: 'fleet:read',
  summary: 'One run with what became of each school',
  params: Id,
  success: {
    status: 200,
    schema: Type.Object({ ...FleetRun.properties, results: Type.Array(FleetResult) }),
  },
});
export const startFleetMigration = defineRoute({
  ...platform,
  name: 'startFleetMigration',
  method: 'POST',
  path: '/fleet/migrations/',
  permission: 'fleet:migrate',
  summary: 'Bring schools up to date, or undo a run, as a job to watch',
  body: FleetMigration,
  success: { status: 201, schema: Type.Object({ job_id: Uuid }) },
  errors: ['job_in_progress', 'not_found', 'tenant_not_found'],
});
