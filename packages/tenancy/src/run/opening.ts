import { assertTenantRef, type TenantRef } from '../tenant-ref.ts';

/** Schema of the extensions, on the path of every tenant. */
export const EXTENSIONS_SCHEMA = 'extensions';

export interface OpeningOptions {
  readOnly: boolean;
}

/**
 * Bounds on what one transaction may wait for a lock and work on one statement: a connection that is held is missing to every
 * other school.
 */
const PATIENCE = "SET LOCAL lock_timeout='5s';SET LOCAL statement_timeout='30s'";

/**
 * The one message that opens a tenant's transaction: role, path and tenant id, all local to it. Names are checked, so
 * that the text always parses: a message that did not would leave later statements outside any transaction.
 */
export function tenantOpening(tenant: TenantRef, { readOnly }: OpeningOptions): string {
  assertTenantRef(tenant);
  const { schemaName, id } = tenant;
  return (
    `BEGIN${readOnly ? ' READ ONLY' : ''};SET LOCAL ROLE ${schemaName};` +
    `SET LOCAL search_path=${schemaName},${EXTENSIONS_SCHEMA};SET LOCAL preau.tenant_id='${id}';${PATIENCE}`
  );
}

/** Opens a transaction on the shared tables. `public` is off the path here too: shared names are always qualified. */
export function centralOpening({ readOnly }: OpeningOptions): string {
  return `BEGIN${readOnly ? ' READ ONLY' : ''};SET LOCAL search_path=${EXTENSIONS_SCHEMA};${PATIENCE}`;
}
