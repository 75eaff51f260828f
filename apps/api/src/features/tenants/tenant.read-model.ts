import type { TenantQuery } from '@preau/contracts/tenants';
import type { TENANT_ORDERINGS } from '@preau/contracts/tenants';
import { together, type CentralTrx } from '@preau/tenancy';
import type { Knex } from 'knex';
import { AppError, fieldError } from '../../platform/app-error.ts';
import type { Domain } from '../domains/index.ts';
import { domainsOf } from '../domains/index.ts';
import { Tenant } from './tenant.model.ts';
import { fold } from './tenant.repository.ts';

/** A school with all that its object shows. */
export interface TenantDetail {
  tenant: Tenant;
  domains: Domain[];
  network: { id: string; name: string; subdomain: string } | null;
  studentCount: number;
  storageBytes: number;
}

export interface DetailRow extends Tenant {
  network_name: string | null;
  network_subdomain: string | null;
  student_count: number;
  storage_bytes: string;
}

const ORDER_COLUMNS: Record<(typeof TENANT_ORDERINGS)[number], string> = {
  school_name: 't.name',
  subdomain: 't.subdomain',
  status: 't.status',
  city: 't.city',
  created_on: 't.created_on',
  last_accessed_at: 't.last_accessed_at',
  student_count: 'u.student_count',
};

/** Rows with all that a school's object shows but its domains. */
export const details = (trx: CentralTrx) =>
  Tenant.query(trx)
    .alias('t')
    .leftJoin('public.tenant_usage as u', 'u.tenant_id', 't.id')
    .leftJoin('public.tenants as n', 'n.id', 't.network_id')
    .select(
      't.*',
      'n.name as network_name',
      'n.subdomain as network_subdomain',
      'u.student_count',
      'u.storage_bytes',
    );

export function toDetail(row: DetailRow, domains: Domain[]): TenantDetail {
  return {
    tenant: row,
    domains,
    network: row.network_id
      ? { id: row.network_id, name: row.network_name ?? '', subdomain: row.network_subdomain ?? '' }
      : null,
    studentCount: row.student_count ?? 0,
    storageBytes: Number(row.storage_bytes ?? 0),
  };
}

/** One school, written out: building the query costs more than running it, and every change answers with it. */
const ONE_DETAIL = `
  SELECT t.*, n.name AS network_name, n.subdomain AS network_subdomain, u.student_count, u.storage_bytes,
    v.schema_name IS NOT NULL AS schema_built, v.version AS schema_version
  FROM public.tenants t
  LEFT JOIN public.tenant_usage u ON u.tenant_id = t.id
  LEFT JOIN public.tenants n ON n.id = t.network_id
  LEFT JOIN public.schema_versions v ON v.schema_name = t.schema_name
  WHERE t.id = ?`;

interface OneDetailRow extends DetailRow {
  schema_built: boolean;
  schema_version: string | null;
}

async function oneDetail(
  trx: CentralTrx,
  id: string,
  lock = '',
): Promise<{ row: OneDetailRow; detail: TenantDetail }> {
  const [{ rows }, domains] = await together([
    trx.raw(`${ONE_DETAIL}${lock}`, [id]) as PromiseLike<{ rows: OneDetailRow[] }>,
    domainsOf(trx, [id]),
  ]);
  if (!rows[0]) throw new AppError('not_found');
  return { row: rows[0], detail: toDetail(rows[0], domains) };
}

export const getTenantDetail = async (trx: CentralTrx, id: string): Promise<TenantDetail> =>
  (await oneDetail(trx, id)).detail;

/**
 * The school as it is shown, its row locked until the transaction ends; and the version of its schema where it has one, as a
 * provisioned school has and one whose schema was built ahead. Throws `not_found`.
 */
export async function lockTenantDetail(
  trx: CentralTrx,
  id: string,
): Promise<{ detail: TenantDetail; schemaVersion: string | null | undefined }> {
  const { row, detail } = await oneDetail(trx, id, ' FOR UPDATE OF t');
  return { detail, schemaVersion: row.schema_built ? row.schema_version : undefined };
}

/**
 * The school that an operator named by id, subdomain, domain or schema. An underscore, which no subdomain has, stands for
 * a hyphen: tools that name schemas after schools write it so.
 */
export async function findTenantId(trx: CentralTrx, name: string): Promise<string> {
  const text = name.trim().toLowerCase();
  const { rows } = await trx.raw(
    `SELECT id FROM public.tenants
     WHERE subdomain = :subdomain OR CAST(id AS text) = :text OR schema_name = :text
     UNION SELECT tenant_id FROM public.domains WHERE domain = :text LIMIT 1`,
    { text, subdomain: text.replaceAll('_', '-') },
  );
  if (!rows[0]) throw new AppError('tenant_not_found');
  return rows[0].id;
}

/** Text that means itself inside LIKE. */
const likeText = (text: string) => `%${fold(text).replace(/[\\%_]/g, '\\$&')}%`;

/** Narrows a query on `public.tenants t`. */
export function applyFilters(builder: Knex.QueryBuilder, query: TenantQuery): void {
  if (query.status) builder.where('t.status', query.status);
  if (query.school_type) builder.where('t.school_type', query.school_type);
  if (query.module)
    builder.whereRaw('t.modules_enabled @> ?::jsonb', [JSON.stringify({ [query.module]: true })]);
  if (query.network) {
    const text = query.network.toLowerCase();
    builder.whereRaw('t.network_id IN (SELECT id FROM public.tenants WHERE subdomain = ? OR id::text = ?)', [
      text,
      text,
    ]);
  }
  // Each word somewhere, in any order: « hugo paris » finds « Lycée Victor Hugo, Paris ».
  for (const word of (query.search ?? '').trim().split(/\s+/).filter(Boolean).slice(0, 8)) {
    builder.where((any) => {
      any.whereRaw('t.search_text LIKE ?', [likeText(word)]).orWhereExists((exists: Knex.QueryBuilder) => {
        exists
          .select(1)
          .from('public.domains as d')
          .whereRaw('d.tenant_id = t.id AND d.domain LIKE ?', [likeText(word)]);
      });
    });
  }
}

function applyOrdering(builder: Knex.QueryBuilder, ordering = 'school_name'): void {
  const descending = ordering.startsWith('-');
  const key = descending ? ordering.slice(1) : ordering;
  if (!Object.hasOwn(ORDER_COLUMNS, key)) throw fieldError('ordering', 'unknown_ordering', { value: key });
  const column = ORDER_COLUMNS[key as keyof typeof ORDER_COLUMNS];
  builder.orderBy([
    { column, order: descending ? 'desc' : 'asc', nulls: 'last' },
    { column: 't.id', order: 'asc' },
  ]);
}

/** One page of schools: three queries whatever the page and the number of schools. */
export async function listTenants(
  trx: CentralTrx,
  query: TenantQuery,
): Promise<{ count: number; rows: TenantDetail[] }> {
  const { page = 1, page_size: size = 20 } = query;
  const filtered = trx('public.tenants as t');
  applyFilters(filtered, query);
  const [{ count }] = (await filtered.count('* as count')) as [{ count: string }];
  const pageQuery = details(trx)
    .limit(size)
    .offset((page - 1) * size);
  applyFilters(pageQuery as unknown as Knex.QueryBuilder, query);
  applyOrdering(pageQuery as unknown as Knex.QueryBuilder, query.ordering);
  const rows = (await pageQuery) as DetailRow[];
  const domains =
    rows.length > 0
      ? await domainsOf(
          trx,
          rows.map(({ id }) => id),
        )
      : [];
  const byTenant = Map.groupBy(domains, ({ tenant_id }) => tenant_id);
  return { count: Number(count), rows: rows.map((row) => toDetail(row, byTenant.get(row.id) ?? [])) };
}
