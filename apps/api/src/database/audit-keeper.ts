import { schemaOwnerText } from '@preau/tenancy';

/** Owner of the audit trail, where there is a superuser to make it one: a role that nobody logs in as or may become. */
export const AUDIT_KEEPER = 'preau_audit';

const SCHEMA = 'audit';

/**
 * Takes the audit trail out of the hands of the application, which may read it and add rows, and nothing else: as its owner it
 * could give itself every right, or drop it. For a superuser, in the application's database.
 */
export const keepAuditText = (application: string): string =>
  // Two processes that start together would change the same rows of the catalogue.
  `SELECT pg_advisory_xact_lock(hashtext('preau audit keeper'));
${schemaOwnerText(SCHEMA, AUDIT_KEEPER)};
GRANT USAGE ON SCHEMA ${SCHEMA} TO ${application};
GRANT SELECT ON ALL TABLES IN SCHEMA ${SCHEMA} TO ${application};
GRANT INSERT ON ${SCHEMA}.log TO ${application};
REVOKE UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA ${SCHEMA} FROM ${application}`;

/** Gives it back, for a migration that has to change its tables. For a superuser. */
export const releaseAuditText = (application: string): string =>
  `DO $do$ BEGIN IF to_regnamespace('${SCHEMA}') IS NOT NULL THEN
  EXECUTE $text$${schemaOwnerText(SCHEMA, application)}$text$;
END IF; END $do$`;
