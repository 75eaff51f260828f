import type { Migrator, SchemaReport, Tenancy } from '@preau/tenancy';
import { isMissingTable } from '../../platform/database-errors.ts';

export interface MigrationPlan {
  schemaName: string;
  version: string | null;
}

/**
 * Schemas that migrations apply to: those of schools, archived ones too, since a restore opens them as they are; and those that
 * are ready for the next schools. A school that was not provisioned yet may have one that was built ahead.
 */
async function migratable(tenancy: Tenancy, behind: MigrationPlan[]): Promise<MigrationPlan[]> {
  const names = behind.map(({ schemaName }) => schemaName);
  return tenancy.central(
    async ({ trx }) => {
      const { rows } = await trx.raw(
        `SELECT schema_name FROM public.tenants WHERE schema_name = ANY(:names)
         UNION ALL SELECT schema_name FROM public.ready_schemas WHERE schema_name = ANY(:names)`,
        { names },
      );
      const wanted = new Set(rows.map((row: { schema_name: string }) => row.schema_name));
      return behind.filter(({ schemaName }) => wanted.has(schemaName));
    },
    { readOnly: true },
  );
}

/** What would be migrated: the shared tables first, then schools. */
export async function planMigration(
  { migrator, tenancy }: { migrator: Migrator; tenancy: Tenancy },
  schema?: string,
): Promise<MigrationPlan[]> {
  let behind: MigrationPlan[];
  try {
    behind = await migrator.behind();
  } catch (error) {
    // An empty database: not even the list of versions is there.
    if (!isMissingTable(error)) throw error;
    return [{ schemaName: 'public', version: null }];
  }
  behind = behind.filter(({ schemaName }) => !schema || schemaName === schema);
  return [
    ...behind.filter(({ schemaName }) => schemaName === 'public'),
    ...(await migratable(tenancy, behind)),
  ];
}

/** Migrates the shared tables, then every school that is behind, or one. A failing school does not stop the others. */
export async function migrateFleet(
  { migrator, tenancy }: { migrator: Migrator; tenancy: Tenancy },
  options: { schema?: string; onReport?: (report: SchemaReport) => void } = {},
): Promise<SchemaReport[]> {
  const shared = await migrator.migratePublic();
  if (shared.applied.length > 0 || shared.error) options.onReport?.(shared);
  if (shared.error) return [shared];
  const plan = await planMigration({ migrator, tenancy }, options.schema);
  const reports = await migrator.migrateTenants(
    plan.map(({ schemaName }) => schemaName),
    options.onReport,
  );
  return shared.applied.length > 0 ? [shared, ...reports] : reports;
}
