import { assertTenantRef, type TenantRef } from '../tenant-ref.ts';

/** Schema of the extensions, on the path of every tenant. */
export const EXTENSIONS_SCHEMA = 'extensions';

export interface OpeningOptions {
  readOnly: boolean;
}

/**
 * Bounds on what one transaction may wait for a lock, work on one statement, and say nothing: a connection that is held is
 * missing to every other school. Local like the rest: a setting of the tenant's role would count at log-in only, which no
 * tenant does, and one of the connection would reach whoever a pooler gives it to next.
 */
const PATIENCE =
  "SET LOCAL lock_timeout='5s';SET LOCAL statement_timeout='30s';SET LOCAL idle_in_transaction_session_timeout='60s'";

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
