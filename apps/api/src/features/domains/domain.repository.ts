import type { DomainKind, DomainStatus } from '@preau/contracts/vocabulary';
import type { CentralTrx } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { CentralModel } from '../../database/central.model.ts';
import type { Report } from './domain-doctor.ts';

/** Days for which a subdomain that a school was renamed from redirects to it, and is nobody else's. */
const FORMER_DAYS = 90;

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
  declare redirects: boolean;
  declare vouched: boolean;
  declare expires_at: Date | null;
  declare checked_at: Date | null;
  declare failing_since: Date | null;
  declare report: Report | null;
}

export const insertDomain = async (
  trx: CentralTrx,
  domain: Pick<Domain, 'id' | 'tenant_id' | 'domain' | 'kind' | 'is_primary' | 'status' | 'challenge_token'> &
    Partial<Pick<Domain, 'vouched'>>,
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

export const patchDomain = async (
  trx: CentralTrx,
  id: string,
  patch: Partial<
    Pick<Domain, 'status' | 'failing_since' | 'checked_at' | 'report' | 'redirects' | 'vouched'>
  >,
): Promise<void> => void (await Domain.query(trx).patch(patch).where({ id }));

/** The school's own address below the base, which every school has. */
export async function subdomainRow(trx: CentralTrx, tenantId: string): Promise<Domain> {
  const row = await Domain.query(trx).findOne({ tenant_id: tenantId, kind: 'subdomain' });
  if (!row) throw new Error(`School ${tenantId} has no subdomain`);
  return row;
}

/** Domains that schools brought, those that were not looked at for longest first. */
export async function customDomains(
  trx: CentralTrx,
): Promise<Pick<Domain, 'id' | 'tenant_id' | 'domain' | 'status'>[]> {
  const { rows } = await trx.raw(
    `SELECT d.id, d.tenant_id, d.domain, d.status FROM public.domains d
     JOIN public.tenants t ON t.id = d.tenant_id
     WHERE d.kind = 'custom' AND t.status <> 'archived' ORDER BY d.checked_at NULLS FIRST, d.id`,
  );
  return rows;
}

export async function expiredDomains(
  trx: CentralTrx,
): Promise<Pick<Domain, 'id' | 'tenant_id' | 'domain'>[]> {
  const { rows } = await trx.raw(
    'SELECT id, tenant_id, domain FROM public.domains WHERE expires_at <= now() ORDER BY expires_at',
  );
  return rows;
}

/**
 * Renames the address below the base when the school's subdomain changes. The old one redirects for {@link FORMER_DAYS}; one that
 * the school had before is its own again.
 */
export async function renameSubdomain(
  trx: CentralTrx,
  tenantId: string,
  { from, to }: { from: string; to: string },
): Promise<void> {
  await Domain.query(trx).delete().where({ tenant_id: tenantId, domain: to, kind: 'former' });
  await Domain.query(trx).patch({ domain: to }).where({ tenant_id: tenantId, kind: 'subdomain' });
  await trx.raw(
    `INSERT INTO public.domains (id, tenant_id, domain, kind, status, redirects, expires_at)
     VALUES (?, ?, ?, 'former', 'active', true, now() + make_interval(days => ?))`,
    [uuidv7(), tenantId, from, FORMER_DAYS],
  );
}
