import type { CentralTrx } from '@preau/tenancy';

/** A school whose files are looked after. */
export interface CaredSchool {
  id: string;
  schemaName: string;
  subdomain: string;
  status: string;
}

const COLUMNS = 't.id, t.schema_name AS "schemaName", t.subdomain, t.status';

/** Those that have a space of their own; one where told. */
export async function schoolsWithSpace(trx: CentralTrx, id: string | null = null): Promise<CaredSchool[]> {
  const { rows } = await trx.raw(
    `SELECT ${COLUMNS} FROM public.tenants t WHERE t.provisioned_at IS NOT NULL ${id === null ? '' : 'AND t.id = ?'} ORDER BY t.subdomain`,
    id === null ? [] : [id],
  );
  return rows;
}

/** Those of them that have files at all, and are not archived. */
export async function schoolsWithFiles(trx: CentralTrx): Promise<CaredSchool[]> {
  const { rows } = await trx.raw(
    `SELECT ${COLUMNS} FROM public.tenants t JOIN public.tenant_usage u ON u.tenant_id = t.id
     WHERE t.provisioned_at IS NOT NULL AND t.status <> 'archived' AND u.storage_bytes > 0 ORDER BY t.id`,
  );
  return rows;
}

/** Places in the store that uploads of a school hold: nothing there is lost, or too much, yet. */
export async function heldKeys(
  trx: CentralTrx,
  tenantId: string,
): Promise<{ keys: string[]; bytes: number }> {
  const { rows } = await trx.raw(
    'SELECT storage_keys, bytes FROM public.storage_reservations WHERE tenant_id = ?',
    [tenantId],
  );
  return {
    keys: rows.flatMap(({ storage_keys: keys }: { storage_keys: string[] }) => keys),
    bytes: rows.reduce((sum: number, { bytes }: { bytes: string }) => sum + Number(bytes), 0),
  };
}

/** Writes into the ledger what was counted. @returns whether it said something else. */
export async function correctLedger(
  trx: CentralTrx,
  tenantId: string,
  { used, reserved }: { used: number; reserved: number },
): Promise<boolean> {
  const { rows } = await trx.raw(
    `UPDATE public.tenant_usage SET storage_bytes = :used, storage_reserved = :reserved
     WHERE tenant_id = :tenantId AND (storage_bytes, storage_reserved) <> (:used::bigint, :reserved::bigint) RETURNING 1`,
    { tenantId, used, reserved },
  );
  return rows.length > 0;
}
