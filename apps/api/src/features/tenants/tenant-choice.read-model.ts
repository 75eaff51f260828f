import type { TenantChoice } from '@preau/contracts/tenant-bulk';
import type { CentralTrx } from '@preau/tenancy';
import type { Knex } from 'knex';
import { AppError, fieldError } from '../../platform/app-error.ts';
import { domainsOf } from '../domains/index.ts';
import { applyFilters, details, type DetailRow, type TenantDetail, toDetail } from './tenant.read-model.ts';

export interface ChosenTenant {
  id: string;
  status: string;
}

function choose(builder: Knex.QueryBuilder, { tenants, matching }: TenantChoice): void {
  if (!tenants && !matching) throw fieldError('tenants', 'required');
  if (tenants) builder.whereIn('t.id', tenants);
  if (matching) applyFilters(builder, matching);
  builder.orderBy([{ column: 't.name' }, { column: 't.id' }]);
}

/** The chosen schools by name, and the state each is in. Throws `no_school_matches`, `too_many_schools`. */
export async function chosenTenants(
  trx: CentralTrx,
  choice: TenantChoice,
  limit: number,
): Promise<ChosenTenant[]> {
  const query = trx('public.tenants as t').select('t.id', 't.status');
  choose(query, choice);
  const rows = (await query) as ChosenTenant[];
  if (rows.length === 0) throw new AppError('no_school_matches');
  if (rows.length > limit) throw new AppError('too_many_schools', { details: { count: rows.length, limit } });
  return rows;
}

/** All that the objects of the chosen schools show. */
export async function chosenDetails(trx: CentralTrx, choice: TenantChoice): Promise<TenantDetail[]> {
  const query = details(trx);
  choose(query as unknown as Knex.QueryBuilder, choice);
  const rows = (await query) as DetailRow[];
  const ids = rows.map(({ id }) => id);
  const domains = Map.groupBy(ids.length > 0 ? await domainsOf(trx, ids) : [], ({ tenant_id: id }) => id);
  return rows.map((row) => toDetail(row, domains.get(row.id) ?? []));
}

/** Names of schools for a report on them, and the state they are in now. */
export async function namesOf(
  trx: CentralTrx,
  ids: readonly string[],
): Promise<Map<string, { name: string; subdomain: string; status: string }>> {
  const { rows } = await trx.raw('SELECT id, name, subdomain, status FROM public.tenants WHERE id = ANY(?)', [
    ids as never,
  ]);
  return new Map(
    rows.map((row: { id: string; name: string; subdomain: string; status: string }) => [row.id, row]),
  );
}
