import type { JobQuery } from '@preau/contracts/jobs';
import type { CentralTrx } from '@preau/tenancy';
import type { Knex } from 'knex';
import { AppError } from '../../platform/app-error.ts';
import type { Job } from './job.model.ts';

export interface JobRow extends Job {
  tenant_name: string | null;
  tenant_subdomain: string | null;
}

const rows = (trx: CentralTrx) =>
  trx('public.jobs as j')
    .leftJoin('public.tenants as t', 't.id', 'j.tenant_id')
    .select('j.*', 't.name as tenant_name', 't.subdomain as tenant_subdomain');

/** One job. Throws `not_found`. */
export async function getJobRow(trx: CentralTrx, id: string): Promise<JobRow> {
  const row = (await rows(trx).where('j.id', id).first()) as JobRow | undefined;
  if (!row) throw new AppError('not_found');
  return row;
}

function applyFilters(builder: Knex.QueryBuilder, { kind, status, tenant }: JobQuery): void {
  if (kind) builder.where('j.kind', kind);
  if (status) builder.where('j.status', status);
  if (tenant) {
    const text = tenant.toLowerCase();
    builder.whereRaw('j.tenant_id IN (SELECT id FROM public.tenants WHERE subdomain = ? OR id::text = ?)', [
      text,
      text,
    ]);
  }
}

/** One page of jobs, latest first. */
export async function listJobRows(
  trx: CentralTrx,
  query: JobQuery,
): Promise<{ count: number; rows: JobRow[] }> {
  const { page = 1, page_size: size = 20 } = query;
  const counted = trx('public.jobs as j');
  applyFilters(counted, query);
  const [{ count }] = (await counted.count('* as count')) as [{ count: string }];
  const paged = rows(trx)
    .orderBy('j.id', 'desc')
    .limit(size)
    .offset((page - 1) * size);
  applyFilters(paged, query);
  return { count: Number(count), rows: (await paged) as JobRow[] };
}
