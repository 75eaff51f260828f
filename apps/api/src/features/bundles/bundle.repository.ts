import type { BundleCause, BundleKind } from '@preau/contracts/vocabulary';
import type { CentralTrx, TenantRef } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import { Bundle, BundleRestore } from './bundle.model.ts';

export interface NewBundle {
  id: string;
  tenant_id: string;
  school_name: string;
  subdomain: string;
  kind: BundleKind;
  cause: BundleCause;
  encrypted: boolean;
  made_by: string;
  keep_until: Date | null;
}

/** A school that has a space. Throws `not_found`, `not_provisioned`. */
export async function builtTenant(
  trx: CentralTrx,
  id: string,
): Promise<TenantRef & { name: string; subdomain: string }> {
  const { rows } = await trx.raw(
    `SELECT id, schema_name AS "schemaName", name, subdomain, provisioned_at IS NOT NULL AS built FROM public.tenants WHERE id = ?`,
    [id],
  );
  if (!rows[0]) throw new AppError('not_found');
  const { built, ...tenant } = rows[0];
  if (!built) throw new AppError('not_provisioned');
  return tenant;
}

/** Below it are all archives, in a place that others may use too. */
export const ARCHIVES = 'archives/';

/** Where an archive is kept. */
const keyOf = ({ tenant_id, id, kind, encrypted }: NewBundle): string =>
  `${ARCHIVES}tenant_${tenant_id}/${id}.${kind === 'backup' ? 'tar.zst' : 'tar'}${encrypted ? '.age' : ''}`;

export const insertBundle = async (trx: CentralTrx, bundle: NewBundle): Promise<Bundle> =>
  Bundle.query(trx)
    .insert({ ...bundle, storage_key: keyOf(bundle) })
    .returning('*');

/** @throws AppError `not_found` */
export async function findBundle(trx: CentralTrx, id: string, tenantId?: string): Promise<Bundle> {
  const found = await Bundle.query(trx).findOne(
    tenantId === undefined ? { id } : { id, tenant_id: tenantId },
  );
  if (!found) throw new AppError('not_found');
  return found;
}

/** @throws AppError `not_found`, `bundle_not_ready` */
export async function findUsable(trx: CentralTrx, id: string, tenantId?: string): Promise<Bundle> {
  const found = await findBundle(trx, id, tenantId);
  if (found.status !== 'done') throw new AppError('bundle_not_ready');
  return found;
}

export interface BundleFigures {
  bytes: number;
  checksum: string;
  schema_version: string | null;
  row_count: number;
  file_count: number;
  file_bytes: number;
}

/** Enters that an archive is there. False when somebody has given it up meanwhile. */
export async function completeBundle(trx: CentralTrx, id: string, figures: BundleFigures): Promise<boolean> {
  const { rows } = await trx.raw(
    `UPDATE public.bundles SET status = 'done', finished_at = now(), failure = NULL, bytes = ?, checksum = ?, schema_version = ?,
       row_count = ?, file_count = ?, file_bytes = ? WHERE id = ? AND status = 'running' RETURNING id`,
    [
      figures.bytes,
      figures.checksum,
      figures.schema_version,
      figures.row_count,
      figures.file_count,
      figures.file_bytes,
      id,
    ] as never,
  );
  return rows.length > 0;
}

export const failBundle = (trx: CentralTrx, id: string, reason: string) =>
  trx.raw(
    "UPDATE public.bundles SET status = 'failed', finished_at = now(), failure = ? WHERE id = ? AND status = 'running'",
    [reason, id],
  );

export const noteVerified = (trx: CentralTrx, id: string, column: 'verified_at' | 'drilled_at') =>
  trx.raw('UPDATE public.bundles SET ?? = now() WHERE id = ?', [column, id]);

export const deleteBundle = async (trx: CentralTrx, id: string): Promise<number> =>
  Bundle.query(trx).deleteById(id);

export const insertRestore = async (
  trx: CentralTrx,
  restore: Pick<BundleRestore, 'job_id' | 'bundle_id' | 'tenant_id' | 'schema_name' | 'replaces'>,
): Promise<unknown> => BundleRestore.query(trx).insert(restore);

export const findRestore = async (trx: CentralTrx, jobId: string): Promise<BundleRestore | undefined> =>
  BundleRestore.query(trx).findById(jobId);

export const noteSwapped = (trx: CentralTrx, jobId: string) =>
  trx.raw('UPDATE public.bundle_restores SET swapped_at = now() WHERE job_id = ?', [jobId]);

export const forgetRestore = (trx: CentralTrx, jobId: string) =>
  trx.raw('DELETE FROM public.bundle_restores WHERE job_id = ?', [jobId]);
