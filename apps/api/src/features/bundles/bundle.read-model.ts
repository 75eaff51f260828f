import type { BundleQuery } from '@preau/contracts/bundles';
import type { CentralTrx } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import type { Bundle } from './bundle.model.ts';

/** An archive, and whether its school is there. */
export interface BundleRow extends Bundle {
  school_exists: boolean;
}

const ROWS = `SELECT b.*, EXISTS (SELECT FROM public.tenants t WHERE t.id = b.tenant_id) AS school_exists FROM public.bundles b`;

/** @throws AppError `not_found` */
export async function getBundleRow(trx: CentralTrx, id: string, tenantId?: string): Promise<BundleRow> {
  const { rows } = await trx.raw(
    `${ROWS} WHERE b.id = ? ${tenantId === undefined ? '' : 'AND b.tenant_id = ?'}`,
    [id, ...(tenantId === undefined ? [] : [tenantId])],
  );
  if (!rows[0]) throw new AppError('not_found');
  return rows[0];
}

export interface ListedBundles extends BundleQuery {
  tenantId?: string;
  cause?: string;
}

export async function listBundleRows(
  trx: CentralTrx,
  { tenantId, kind, erased, cause, page = 1, page_size: size = 20 }: ListedBundles,
): Promise<{ count: number; rows: BundleRow[] }> {
  const filters: [string, unknown][] = [];
  if (tenantId !== undefined) filters.push(['tenant_id = ?', tenantId]);
  if (kind !== undefined) filters.push(['kind = ?', kind]);
  if (cause !== undefined) filters.push(['cause = ?', cause]);
  if (erased !== undefined) filters.push(['school_exists = ?', !erased]);
  const where = filters.length > 0 ? `WHERE ${filters.map(([text]) => text).join(' AND ')}` : '';
  const values = filters.map(([, value]) => value);
  const { rows } = await trx.raw(
    `SELECT * FROM (${ROWS}) bundles ${where} ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?`,
    [...values, size, (page - 1) * size] as never,
  );
  const { rows: counted } = await trx.raw(
    `SELECT count(*)::int AS count FROM (${ROWS}) bundles ${where}`,
    values as never,
  );
  return { count: counted[0].count, rows };
}
