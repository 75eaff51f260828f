import type { DomainStatus } from '@preau/contracts/vocabulary';
import type { CentralTrx } from '@preau/tenancy';
import { CentralModel } from '../../database/central.model.ts';

/** `subdomain`: the school's own below the base. `alias`: another below the base. `custom`: the school's own domain. */
export type DomainKind = 'subdomain' | 'alias' | 'custom';

export class Domain extends CentralModel {
  static override tableName = 'public.domains';
  declare id: string;
  declare tenant_id: string;
  declare domain: string;
  declare kind: DomainKind;
  declare is_primary: boolean;
  declare status: DomainStatus;
  declare challenge_token: string | null;
  declare created_at: Date;
}

export const insertDomain = async (
  trx: CentralTrx,
  domain: Omit<Domain, keyof CentralModel | 'created_at'>,
): Promise<Domain> =>
  Domain.query(trx)
    .insert(domain as Partial<Domain>)
    .returning('*');

export async function domainsOf(trx: CentralTrx, tenantIds: readonly string[]): Promise<Domain[]> {
  const { rows } = await trx.raw(
    'SELECT * FROM public.domains WHERE tenant_id = ANY(?) ORDER BY is_primary DESC, created_at, id',
    [tenantIds as string[]],
  );
  return rows;
}

export const findDomain = async (
  trx: CentralTrx,
  tenantId: string,
  id: string,
): Promise<Domain | undefined> => Domain.query(trx).findOne({ id, tenant_id: tenantId });

/** Makes one domain the primary one. The old one steps down first: the index allows one at a time. */
export async function setPrimary(trx: CentralTrx, tenantId: string, id: string): Promise<void> {
  await Domain.query(trx).patch({ is_primary: false }).where({ tenant_id: tenantId, is_primary: true });
  await Domain.query(trx).patch({ is_primary: true }).where({ id });
}

export const deleteDomain = async (trx: CentralTrx, id: string): Promise<number> =>
  Domain.query(trx).deleteById(id);

/** Renames the address below the base when the school's subdomain changes. */
export const renameSubdomain = async (trx: CentralTrx, tenantId: string, domain: string): Promise<number> =>
  Domain.query(trx).patch({ domain }).where({ tenant_id: tenantId, kind: 'subdomain' });
