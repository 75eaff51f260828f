/**
 * What PostgreSQL's catalogue knows of a tenant's schema, as parts of one query: each part is one kind of object, a row each
 * with the schema, the kind, the name, and the facts that tell two of them apart.
 *
 * The parts read from `target` (the schemas), `relations` and `attributes` (their tables' columns): see catalogue.ts.
 */

/** Grants in an order that does not depend on who was granted first. */
export const grants = (acl: string): string =>
  `'GRANTS ' || CASE WHEN ${acl} IS NOT NULL THEN (SELECT string_agg(item::text, ',' ORDER BY item::text COLLATE "C") FROM unnest(${acl}) item) END`;

const comment = (oid: string, catalogue: string): string =>
  `'COMMENT ' || (SELECT e.description FROM pg_description e WHERE e.objoid = ${oid} AND e.classoid = '${catalogue}'::regclass AND e.objsubid = 0)`;

const owner = (oid: string): string =>
  `CASE WHEN ${oid} <> t.role THEN 'OWNER ' || pg_get_userbyid(${oid}) END`;

const role = `
  SELECT t.nspname, 'role' AS kind, '*' AS object, concat_ws(' ',
      CASE WHEN r.oid IS NULL THEN 'missing' END, CASE WHEN r.rolsuper THEN 'SUPERUSER' END, CASE WHEN r.rolinherit THEN 'INHERIT' END,
      CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END, CASE WHEN r.rolcreatedb THEN 'CREATEDB' END,
      CASE WHEN r.rolcanlogin THEN 'LOGIN' END, CASE WHEN r.rolreplication THEN 'REPLICATION' END,
      CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END, 'CONNECTION LIMIT ' || nullif(r.rolconnlimit, -1)) AS facts
    FROM target t LEFT JOIN pg_roles r ON r.oid = t.role`;

const roleSettings = `
  SELECT t.nspname, 'role setting', CASE s.setdatabase WHEN 0 THEN 'every database' ELSE 'this database' END,
      (SELECT string_agg(item, ', ' ORDER BY item) FROM unnest(s.setconfig) item)
    FROM target t JOIN pg_db_role_setting s ON s.setrole = t.role
    WHERE s.setdatabase = 0 OR s.setdatabase = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())`;

// The options of a membership are columns that PostgreSQL 15 lacks.
const memberships = `
  SELECT t.nspname, CASE WHEN m.roleid = t.role THEN 'member' ELSE 'membership' END,
      pg_get_userbyid(CASE WHEN m.roleid = t.role THEN m.member ELSE m.roleid END),
      concat_ws(' ', CASE WHEN m.admin_option THEN 'ADMIN' END, CASE WHEN to_jsonb(m) ->> 'inherit_option' = 'true' THEN 'INHERIT' END,
        CASE WHEN to_jsonb(m) ->> 'set_option' = 'true' THEN 'SET' END)
    FROM target t JOIN pg_auth_members m ON t.role IN (m.roleid, m.member)`;

const defaultGrants = `
  SELECT t.nspname, 'default grants', d.defaclobjtype::text, ${grants('d.defaclacl')}
    FROM target t JOIN pg_default_acl d ON d.defaclrole = t.role OR d.defaclnamespace = t.oid`;

const schema = `
  SELECT t.nspname, 'schema', '*', concat_ws(' ', ${owner('t.nspowner')}, ${grants('t.nspacl')}, ${comment('t.oid', 'pg_namespace')}) FROM target t`;

const tables = `
  SELECT t.nspname, CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view'
        WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'foreign table' ELSE 'composite type' END, c.relname,
      concat_ws(' ', ${owner('c.relowner')}, CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED' WHEN 't' THEN 'TEMPORARY' END,
        'WITH ' || c.reloptions::text, CASE WHEN c.relrowsecurity THEN 'ROW SECURITY' END, CASE WHEN c.relforcerowsecurity THEN 'FORCED' END,
        'REPLICA IDENTITY ' || nullif(c.relreplident::text, 'd'), 'TABLESPACE ' || nullif(c.reltablespace, 0),
        'ACCESS METHOD ' || (SELECT am.amname FROM pg_am am WHERE am.oid = c.relam AND am.amname <> 'heap'),
        CASE WHEN c.relkind = 'p' THEN 'PARTITION BY ' || pg_get_partkeydef(c.oid) END,
        CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END,
        CASE WHEN c.relkind IN ('v', 'm') THEN 'AS ' || pg_get_viewdef(c.oid) END, ${grants('c.relacl')})
    FROM target t JOIN pg_class c ON c.relnamespace = t.oid AND c.relkind NOT IN ('i', 'I', 't')`;

const inheritance = `
  SELECT t.nspname, 'parent', c.relname, i.inhseqno || ' ' || i.inhparent::regclass::text
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN target t ON t.oid = c.relnamespace`;

const sequences = `
  SELECT t.nspname, 'sequence settings', c.relname, concat_ws(' ', format_type(s.seqtypid, NULL), 'START', s.seqstart, 'INCREMENT', s.seqincrement,
      'MIN', s.seqmin, 'MAX', s.seqmax, 'CACHE', s.seqcache, CASE WHEN s.seqcycle THEN 'CYCLE' END,
      'OWNED BY ' || (SELECT d.refobjid::regclass || '.' || a.attname FROM pg_depend d
        JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')))
    FROM target t JOIN pg_class c ON c.relnamespace = t.oid AND c.relkind = 'S' JOIN pg_sequence s ON s.seqrelid = c.oid`;

/** Of tables, columns, indexes and sequences. */
const comments = `
  SELECT t.nspname, 'comment', concat_ws('.', c.relname, a.attname), e.description
    FROM pg_description e JOIN pg_class c ON c.oid = e.objoid JOIN target t ON t.oid = c.relnamespace
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = e.objsubid AND e.objsubid > 0
    WHERE e.classoid = 'pg_class'::regclass`;

const constraintComments = `
  SELECT t.nspname, 'comment', concat_ws('.', r.relname, c.conname), e.description
    FROM pg_description e JOIN pg_constraint c ON c.oid = e.objoid JOIN target t ON t.oid = c.connamespace
    LEFT JOIN pg_class r ON r.oid = c.conrelid WHERE e.classoid = 'pg_constraint'::regclass`;

const functions = `
  SELECT t.nspname, CASE p.prokind WHEN 'a' THEN 'aggregate' WHEN 'p' THEN 'procedure' ELSE 'function' END,
      p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
      concat_ws(' ', CASE WHEN p.prokind = 'a' THEN (SELECT concat_ws(' ', g.aggtransfn::text, g.aggfinalfn::text, g.aggcombinefn::text,
          format_type(g.aggtranstype, NULL), g.agginitval) FROM pg_aggregate g WHERE g.aggfnoid = p.oid) ELSE pg_get_functiondef(p.oid) END,
        ${owner('p.proowner')}, ${grants('p.proacl')}, ${comment('p.oid', 'pg_proc')})
    FROM target t JOIN pg_proc p ON p.pronamespace = t.oid`;

const types = `
  SELECT t.nspname, 'type', y.typname,
      concat_ws(' ', y.typtype, CASE WHEN y.typtype = 'd' THEN format_type(y.typbasetype, y.typtypmod) END,
        CASE WHEN y.typnotnull THEN 'NOT NULL' END, 'DEFAULT ' || y.typdefault,
        'LABELS ' || (SELECT string_agg(quote_literal(n.enumlabel), ',' ORDER BY n.enumsortorder) FROM pg_enum n WHERE n.enumtypid = y.oid),
        'RANGE OF ' || (SELECT format_type(g.rngsubtype, NULL) FROM pg_range g WHERE g.rngtypid = y.oid),
        ${owner('y.typowner')}, ${grants('y.typacl')}, ${comment('y.oid', 'pg_type')})
    FROM target t JOIN pg_type y ON y.typnamespace = t.oid AND y.typtype NOT IN ('c', 'p') AND y.typcategory <> 'A'`;

const triggers = `
  SELECT t.nspname, 'trigger', c.relname || '.' || g.tgname,
      concat_ws(' ', pg_get_triggerdef(g.oid), 'ENABLED ' || g.tgenabled::text, ${comment('g.oid', 'pg_trigger')})
    FROM target t JOIN pg_class c ON c.relnamespace = t.oid AND c.relhastriggers
    JOIN pg_trigger g ON g.tgrelid = c.oid AND NOT g.tgisinternal`;

const rules = `
  SELECT t.nspname, 'rule', c.relname || '.' || w.rulename, concat_ws(' ', pg_get_ruledef(w.oid), 'ENABLED ' || w.ev_enabled::text, ${comment('w.oid', 'pg_rewrite')})
    FROM target t JOIN pg_class c ON c.relnamespace = t.oid AND c.relhasrules
    JOIN pg_rewrite w ON w.ev_class = c.oid AND w.rulename <> '_RETURN'`;

const policies = `
  SELECT t.nspname, 'policy', c.relname || '.' || p.polname,
      concat_ws(' ', p.polcmd, CASE WHEN NOT p.polpermissive THEN 'RESTRICTIVE' END,
        'TO ' || (SELECT string_agg(CASE WHEN r = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(r)::text END, ',') FROM unnest(p.polroles) r),
        'USING ' || pg_get_expr(p.polqual, p.polrelid), 'CHECK ' || pg_get_expr(p.polwithcheck, p.polrelid), ${comment('p.oid', 'pg_policy')})
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN target t ON t.oid = c.relnamespace`;

const statistics = `
  SELECT t.nspname, 'statistics', s.stxname, pg_get_statisticsobjdef(s.oid)
    FROM target t JOIN pg_statistic_ext s ON s.stxnamespace = t.oid`;

/** Whatever else is in the schema (operators, collations, dictionaries …), by name: no kind goes unseen. */
const others = `
  SELECT t.nspname, 'other', pg_describe_object(d.classid, d.objid, 0), ''
    FROM target t JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = t.oid
      AND d.classid NOT IN ('pg_class'::regclass, 'pg_type'::regclass, 'pg_proc'::regclass, 'pg_constraint'::regclass,
        'pg_statistic_ext'::regclass, 'pg_default_acl'::regclass)`;

/** Kinds of which a school has few. */
export const FEW = [
  role,
  roleSettings,
  memberships,
  defaultGrants,
  schema,
  tables,
  inheritance,
  sequences,
  comments,
  constraintComments,
  functions,
  types,
  triggers,
  rules,
  policies,
  statistics,
  others,
];

const columnOrder = `
  SELECT a.nspname, 'columns', a.relname, string_agg(a.attname, ', ' ORDER BY a.attnum) FROM attributes a GROUP BY a.nspname, a.relname`;

const columns = `
  SELECT a.nspname, 'column', a.relname || '.' || a.attname,
      concat_ws(' ', format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'NOT NULL' END,
        'IDENTITY ' || nullif(a.attidentity::text, ''), 'GENERATED ' || nullif(a.attgenerated::text, ''), 'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid),
        'COLLATE ' || (SELECT l.collname FROM pg_collation l WHERE l.oid = a.attcollation AND l.oid <> y.typcollation),
        'STORAGE ' || nullif(a.attstorage, y.typstorage)::text, 'COMPRESSION ' || nullif(a.attcompression::text, ''),
        'STATISTICS ' || nullif(a.attstattarget, -1), 'WITH ' || a.attoptions::text, ${grants('a.attacl')})
    FROM attributes a JOIN pg_type y ON y.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum`;

const constraints = `
  SELECT t.nspname, 'constraint', concat_ws('.', r.relname, y.typname, c.conname),
      concat_ws(' ', pg_get_constraintdef(c.oid), CASE WHEN NOT c.conislocal THEN 'INHERITED' END)
    FROM target t JOIN pg_constraint c ON c.connamespace = t.oid
    LEFT JOIN pg_class r ON r.oid = c.conrelid LEFT JOIN pg_type y ON y.oid = c.contypid`;

const indexes = `
  SELECT t.nspname, 'index', c.relname,
      concat_ws(' ', pg_get_indexdef(c.oid), CASE WHEN NOT i.indisvalid THEN 'INVALID' END, CASE WHEN i.indisclustered THEN 'CLUSTERED' END,
        CASE WHEN i.indisreplident THEN 'REPLICA IDENTITY' END, ${owner('c.relowner')}, 'TABLESPACE ' || nullif(c.reltablespace, 0))
    FROM target t JOIN pg_class c ON c.relnamespace = t.oid AND c.relkind IN ('i', 'I') JOIN pg_index i ON i.indexrelid = c.oid`;

/** Kinds of which a school has hundreds, to be read. Positions of columns are left out, their order is kept. */
export const MANY_AS_LINES = [columnOrder, columns, constraints, indexes];
