import type { Knex } from 'knex';

/** Something of a tenant's that has lost what it belongs to. */
export interface Orphan {
  /** `schema`: nobody's. `role`: without a schema, and nobody's. `version`: of a schema that is not there. `missing`: a school whose schema is. */
  kind: 'schema' | 'role' | 'version' | 'missing';
  schemaName: string;
}

/**
 * What is left of tenants that are gone, and what tenants lack: one query of the catalogue.
 *
 * A role that owns something in another database of the server is that database's.
 * @param owned names of all schemas that belong to somebody, and must exist.
 * @param promised names that belong to somebody too, of which there may be no more than the role.
 */
export async function findOrphans(
  knex: Knex,
  owned: readonly string[],
  promised: readonly string[] = [],
): Promise<Orphan[]> {
  const { rows } = await knex.raw(
    `WITH owned AS MATERIALIZED (SELECT unnest(?::text[]) AS name),
       promised AS MATERIALIZED (SELECT unnest(?::text[]) AS name),
       schemas AS MATERIALIZED (SELECT nspname::text AS name FROM pg_namespace WHERE nspname ~ '^t_[0-9a-f]{16}$')
     SELECT 'schema' AS kind, s.name FROM schemas s WHERE NOT EXISTS (SELECT FROM owned o WHERE o.name = s.name)
     UNION ALL
     SELECT 'role', r.rolname FROM pg_roles r WHERE r.rolname ~ '^t_[0-9a-f]{16}$' AND pg_has_role(r.oid, 'MEMBER')
       AND NOT EXISTS (SELECT FROM schemas s WHERE s.name = r.rolname)
       AND NOT EXISTS (SELECT FROM promised p WHERE p.name = r.rolname)
       AND NOT EXISTS (SELECT FROM pg_shdepend d WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = r.oid
         AND d.dbid NOT IN (0, (SELECT oid FROM pg_database WHERE datname = current_database())))
     UNION ALL
     SELECT 'version', v.schema_name FROM public.schema_versions v
       WHERE v.ladder = 'tenant' AND NOT EXISTS (SELECT FROM schemas s WHERE s.name = v.schema_name)
     UNION ALL
     SELECT 'missing', o.name FROM owned o WHERE NOT EXISTS (SELECT FROM schemas s WHERE s.name = o.name)
     ORDER BY 1, 2`,
    [owned, promised] as never,
  );
  return rows.map((row: { kind: Orphan['kind']; name: string }) => ({
    kind: row.kind,
    schemaName: row.name,
  }));
}
