import type { SchoolType } from '@preau/contracts/vocabulary';
import type { Tenant } from './tenant.model.ts';

/** One statement with its values, in knex's spelling. */
export interface SeedStatement {
  sql: string;
  values?: readonly (string | number | boolean | null)[];
}

/**
 * What a school has from its first day. A feature names its own in its descriptor; all are sown in the transaction that makes
 * the school, so that there is no school without them and none left of a school that was not made.
 */
export interface SchoolSeed {
  /** Unique: it is what a failure names. */
  name: string;
  /** Which types of schools need it; all unless told. */
  schoolTypes?: readonly SchoolType[];
  /** Rows of the school's own tables, written as its role. Its tables are empty. */
  inSchool?: (school: Tenant) => readonly SeedStatement[];
  /** Rows of the shared tables. They may be there already, and go with the school by a foreign key. */
  onPlatform?: (school: Tenant) => readonly SeedStatement[];
}

export const seedsFor = (seeds: readonly SchoolSeed[], { school_type: type }: Tenant): SchoolSeed[] =>
  seeds.filter(({ schoolTypes }) => !schoolTypes || schoolTypes.includes(type));

/** The first point of the history that the console draws: without it a school would begin on the day somebody first logs in. */
export const openingFigures: SchoolSeed = {
  name: 'opening_figures',
  onPlatform: ({ id }) => [
    {
      sql: `INSERT INTO public.tenant_daily_stats (tenant_id, day, students, storage_bytes)
            SELECT tenant_id, current_date, student_count, storage_bytes FROM public.tenant_usage WHERE tenant_id = ?
            ON CONFLICT (tenant_id, day) DO NOTHING`,
      values: [id],
    },
  ],
};
