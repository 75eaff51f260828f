import type { CentralTrx } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import { FORMATS } from '../../platform/formats.ts';
import { Tenant } from './tenant.model.ts';

/** The row of a school, locked until the transaction ends: two changes of one school queue up. Throws `not_found`. */
export async function lockTenant(trx: CentralTrx, id: string): Promise<Tenant> {
  const { rows } = await trx.raw('SELECT * FROM public.tenants WHERE id = ? FOR UPDATE', [id]);
  if (!rows[0]) throw new AppError('not_found');
  return rows[0];
}

/**
 * Version of the school's schema, if there is one: that of a provisioned school, or one that was built ahead. Undefined when
 * there is none.
 */
export async function schemaVersion(trx: CentralTrx, id: string): Promise<string | null | undefined> {
  const { rows } = await trx.raw(
    'SELECT v.version FROM public.tenants t JOIN public.schema_versions v USING (schema_name) WHERE t.id = ?',
    [id],
  );
  return rows[0]?.version;
}

export const insertTenant = async (trx: CentralTrx, tenant: Partial<Tenant>): Promise<Tenant> =>
  Tenant.query(trx).insert(tenant).returning('*');

/** Writes changes and moves the version, which is the school's ETag. */
export async function patchTenant(
  trx: CentralTrx,
  tenant: Tenant,
  changes: Partial<Tenant>,
): Promise<Tenant> {
  const columns = Object.entries({ ...changes, version: tenant.version + 1 }).filter(
    ([, value]) => value !== undefined,
  );
  const json: readonly string[] = Tenant.jsonAttributes;
  const values = columns.map(([name, value]) =>
    json.includes(name) && value !== null ? JSON.stringify(value) : value,
  );
  const { rows } = await trx.raw(
    `UPDATE public.tenants SET ${columns.map(() => '?? = ?').join(', ')} WHERE id = ? RETURNING *`,
    [...columns.flatMap(([name], at) => [name, values[at]]), tenant.id] as never,
  );
  if (!rows[0]) throw new AppError('not_found');
  return rows[0];
}

/** Moves the version alone: something shown with the school changed. */
export async function touchVersion(trx: CentralTrx, id: string): Promise<void> {
  await Tenant.query(trx).increment('version', 1).where({ id });
}

/** Erases the people whom only this school had; those of another one, and super-admins, stay. */
export async function forgetPeople(trx: CentralTrx, tenantId: string): Promise<void> {
  await trx.raw(
    `DELETE FROM public.users u USING public.memberships m
     WHERE m.user_id = u.id AND m.tenant_id = :tenantId AND NOT u.is_superadmin
       AND NOT EXISTS (SELECT FROM public.memberships o WHERE o.user_id = u.id AND o.tenant_id <> :tenantId)`,
    { tenantId },
  );
}

export const deleteTenant = async (trx: CentralTrx, id: string): Promise<number> =>
  Tenant.query(trx).deleteById(id);

export const tenantExists = async (trx: CentralTrx, id: string): Promise<boolean> =>
  (await Tenant.query(trx).findById(id).select('id')) !== undefined;

/** A network by id or subdomain. */
export async function findNetwork(trx: CentralTrx, idOrSubdomain: string): Promise<Tenant | undefined> {
  const column = FORMATS.uuid.test(idOrSubdomain) ? 'id' : 'subdomain';
  return Tenant.query(trx)
    .findOne({ [column]: idOrSubdomain.toLowerCase(), school_type: 'network' })
    .whereNot('status', 'archived');
}

/** Whether a network groups schools. */
export async function hasSchools(trx: CentralTrx, networkId: string): Promise<boolean> {
  return (await Tenant.query(trx).findOne({ network_id: networkId }).select('id')) !== undefined;
}

/** What `search` looks in, folded: no case, no accents. */
export function searchText(tenant: Pick<Tenant, 'name' | 'subdomain' | 'city' | 'uai'>): string {
  return fold([tenant.name, tenant.subdomain, tenant.city, tenant.uai ?? ''].join(' '));
}

export const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
