import type { CentralTrx } from '@preau/tenancy';
import type { FleetSchool } from './fleet.read-model.ts';

/**
 * The largest and the oldest of some schools, which may be one. Sizes of the 20 that the statistics hold for the largest are
 * measured: measuring all would ask the file system for every table there is.
 */
export async function toRehearse(
  trx: CentralTrx,
  behind: readonly FleetSchool[],
): Promise<(FleetSchool & { because: ('largest' | 'oldest')[] })[]> {
  if (behind.length === 0) return [];
  const names = behind.map(({ schemaName }) => schemaName);
  const { rows } = await trx.raw(
    `WITH guessed AS (
       SELECT n.nspname, n.oid FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind = 'r'
         LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid
         WHERE n.nspname = ANY(:names) GROUP BY 1, 2
         ORDER BY sum(greatest(c.relpages, 0)) + sum(coalesce(s.n_live_tup, 0)) / 50 DESC LIMIT 20
     ), largest AS (
       SELECT g.nspname FROM guessed g JOIN pg_class c ON c.relnamespace = g.oid AND c.relkind = 'r'
         GROUP BY 1 ORDER BY sum(pg_total_relation_size(c.oid)) DESC, 1 LIMIT 1
     ), oldest AS (
       SELECT schema_name FROM public.tenants WHERE schema_name = ANY(:names) ORDER BY created_on, id LIMIT 1
     )
     SELECT nspname AS name, 'largest' AS because FROM largest UNION ALL SELECT schema_name, 'oldest' FROM oldest`,
    { names } as never,
  );
  const chosen = Map.groupBy(rows as { name: string; because: 'largest' | 'oldest' }[], ({ name }) => name);
  return behind.flatMap((school) => {
    const because = chosen.get(school.schemaName)?.map((row) => row.because);
    return because ? [{ ...school, because }] : [];
  });
}
