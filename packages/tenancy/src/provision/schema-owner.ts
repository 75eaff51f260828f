const NAME = /^[a-z_][a-z0-9_]{0,62}$/;

/**
 * Statements that give a schema, with its tables, views and functions, to another role. For a superuser, or whoever may become
 * both roles: an owner can undo every REVOKE and drop what it owns, so that what it must not do, it must not own.
 * The role is made if it is not there. Throws on a name that is not a plain identifier.
 */
export function schemaOwnerText(schema: string, owner: string): string {
  for (const name of [schema, owner]) if (!NAME.test(name)) throw new TypeError(`Not a plain name: ${name}`);
  return `
    DO $$
    DECLARE
      object record;
    BEGIN
      IF to_regrole('${owner}') IS NULL THEN
        CREATE ROLE ${owner} NOLOGIN NOINHERIT;
      END IF;
      ALTER SCHEMA ${schema} OWNER TO ${owner};
      FOR object IN SELECT oid::regclass AS name FROM pg_class
        WHERE relnamespace = '${schema}'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
      LOOP
        EXECUTE format('ALTER TABLE %s OWNER TO ${owner}', object.name);
      END LOOP;
      FOR object IN SELECT oid::regprocedure AS name FROM pg_proc WHERE pronamespace = '${schema}'::regnamespace
      LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO ${owner}', object.name);
      END LOOP;
    END $$`;
}
