import type { MembershipAsk, NetworkMembership } from '@preau/contracts/networks';
import type { CentralTrx, Tenancy, TenantRef } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import { auditCentral, type Origin } from '../audit/index.ts';
import { enterNetwork, leaveNetwork, lockTenant, type Tenant } from '../tenants/index.ts';

export type MembershipService = ReturnType<typeof createMembershipService>;

interface Row {
  id: string;
  name: string;
  subdomain: string;
  city: string;
  school_type: Tenant['school_type'];
  status: 'asked' | 'invited' | 'accepted';
  message: string;
  created_at: Date;
  accepted_at: Date | null;
}

/** A membership from the side of one of the two. `asked`: the school did; `invited`: the network. */
const seen = (row: Row, isNetwork: boolean): NetworkMembership => ({
  id: row.id,
  name: row.name,
  subdomain: row.subdomain,
  city: row.city,
  school_type: row.school_type,
  status: row.status === 'accepted' ? 'accepted' : 'waiting',
  asked_by: (row.status === 'invited') === isNetwork ? 'us' : 'them',
  message: row.message,
  created_at: row.created_at.toISOString(),
  accepted_at: row.accepted_at?.toISOString() ?? null,
});

const OTHER = `SELECT t.id, t.name, t.subdomain, t.city, t.school_type, m.status, m.message, m.created_at, m.accepted_at
  FROM public.network_members m`;
/** Bounded by what one screen shows; a network with more looks into its directory. */
const MOST_SHOWN = 500;

/** Schools and networks agree with one another: each side asks, and the other answers. Either ends it alone. */
export function createMembershipService({ tenancy }: { tenancy: Tenancy }) {
  const isNetwork = async (trx: CentralTrx, id: string): Promise<boolean> => {
    const { rows } = await trx.raw(`SELECT school_type = 'network' AS yes FROM public.tenants WHERE id = ?`, [
      id,
    ]);
    return rows[0]?.yes === true;
  };

  async function one(
    trx: CentralTrx,
    own: string,
    other: string,
    network: boolean,
  ): Promise<Row | undefined> {
    const { rows } = await trx.raw(
      network
        ? `${OTHER} JOIN public.tenants t ON t.id = m.tenant_id WHERE m.network_id = ? AND m.tenant_id = ? FOR UPDATE OF m`
        : `${OTHER} JOIN public.tenants t ON t.id = m.network_id WHERE m.tenant_id = ? AND m.network_id = ? FOR UPDATE OF m`,
      [own, other],
    );
    return rows[0];
  }

  /** A row on either side: both see in their own trail what became of them. */
  async function note(
    trx: CentralTrx,
    origin: Origin,
    { networkId, tenantId }: { networkId: string; tenantId: string },
    action: string,
    details: { before?: object; after?: object },
  ): Promise<void> {
    const target = { type: 'network', id: networkId };
    await auditCentral(trx, origin, tenantId, { action, target, ...details });
    await auditCentral(trx, origin, networkId, {
      action,
      target: { type: 'tenant', id: tenantId },
      ...details,
    });
  }

  const pairOf = (own: string, other: string, network: boolean) =>
    network ? { networkId: own, tenantId: other } : { networkId: other, tenantId: own };

  return {
    list: (tenant: TenantRef): Promise<NetworkMembership[]> =>
      tenancy.central(
        async ({ trx }) => {
          const network = await isNetwork(trx, tenant.id);
          const { rows } = await trx.raw(
            network
              ? `${OTHER} JOIN public.tenants t ON t.id = m.tenant_id WHERE m.network_id = ?
                 ORDER BY m.status = 'accepted', t.name, t.id LIMIT ${MOST_SHOWN}`
              : `${OTHER} JOIN public.tenants t ON t.id = m.network_id WHERE m.tenant_id = ?
                 ORDER BY m.status = 'accepted', t.name, t.id LIMIT ${MOST_SHOWN}`,
            [tenant.id],
          );
          return (rows as Row[]).map((row) => seen(row, network));
        },
        { readOnly: true },
      ),

    ask: (tenant: TenantRef, origin: Origin, { subdomain, message = '' }: MembershipAsk) =>
      tenancy.central(async ({ trx }): Promise<NetworkMembership> => {
        const network = await isNetwork(trx, tenant.id);
        const { rows } = await trx.raw(
          `SELECT id FROM public.tenants WHERE subdomain = lower(?) AND status = 'active' AND (school_type = 'network') = ?`,
          [subdomain.trim(), !network] as never,
        );
        const other: string | undefined = rows[0]?.id;
        if (!other) throw new AppError('not_found');
        const pair = pairOf(tenant.id, other, network);
        const { rows: made } = await trx.raw(
          `INSERT INTO public.network_members (network_id, tenant_id, status, message) VALUES (?, ?, ?, ?)
           ON CONFLICT DO NOTHING RETURNING tenant_id`,
          [pair.networkId, pair.tenantId, network ? 'invited' : 'asked', message.trim()],
        );
        if (made.length === 0) throw new AppError('membership_exists');
        await note(trx, origin, pair, network ? 'network.invite' : 'network.ask', {
          after: { message: message.trim() },
        });
        const row = await one(trx, tenant.id, other, network);
        if (!row) throw new AppError('not_found');
        return seen(row, network);
      }),

    accept: (tenant: TenantRef, origin: Origin, other: string): Promise<NetworkMembership> =>
      tenancy.central(async ({ trx }) => {
        const network = await isNetwork(trx, tenant.id);
        const pair = pairOf(tenant.id, other, network);
        const row = await one(trx, tenant.id, other, network);
        if (!row) throw new AppError('not_found');
        if (row.status !== (network ? 'asked' : 'invited')) throw new AppError('not_yours_to_accept');
        const school = await lockTenant(trx, pair.tenantId);
        await enterNetwork(trx, pair.networkId, pair.tenantId);
        // The one that the console shows, where it shows none yet.
        if (school.network_id === null)
          await trx.raw('UPDATE public.tenants SET network_id = ?, version = version + 1 WHERE id = ?', [
            pair.networkId,
            pair.tenantId,
          ]);
        await note(trx, origin, pair, 'network.accept', {
          before: { status: row.status },
          after: { status: 'accepted' },
        });
        const after = await one(trx, tenant.id, other, network);
        if (!after) throw new AppError('not_found');
        return seen(after, network);
      }),

    end: (tenant: TenantRef, origin: Origin, other: string): Promise<void> =>
      tenancy.central(async ({ trx }) => {
        const network = await isNetwork(trx, tenant.id);
        const pair = pairOf(tenant.id, other, network);
        const row = await one(trx, tenant.id, other, network);
        if (!row) throw new AppError('not_found');
        await lockTenant(trx, pair.tenantId);
        await leaveNetwork(trx, pair.networkId, pair.tenantId);
        await trx.raw(
          'UPDATE public.tenants SET network_id = NULL, version = version + 1 WHERE id = ? AND network_id = ?',
          [pair.tenantId, pair.networkId],
        );
        const us = seen(row, network).asked_by === 'us';
        const action =
          row.status === 'accepted' ? 'network.leave' : us ? 'network.withdraw' : 'network.refuse';
        await note(trx, origin, pair, action, { before: { status: row.status } });
      }),
  };
}
