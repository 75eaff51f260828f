import type { CentralTrx } from '@preau/tenancy';

/**
 * Lets a school into a network, and what it shares into the network's agenda. The school's row must be locked: an event that is
 * written meanwhile waits, and is then shared with the network too.
 */
export async function enterNetwork(trx: CentralTrx, networkId: string, tenantId: string): Promise<void> {
  await trx.raw(
    `INSERT INTO public.network_members (network_id, tenant_id, status, accepted_at) VALUES (?, ?, 'accepted', now())
     ON CONFLICT (network_id, tenant_id) DO UPDATE SET status = 'accepted', accepted_at = now()`,
    [networkId, tenantId],
  );
  await trx.raw(
    `INSERT INTO public.agenda_entries
       (scope_id, tag, starts_at, tenant_id, event_id, day, ends_at, starts_on, ends_on, all_day, is_public, title, place)
     SELECT ?::uuid, tag, starts_at, tenant_id, event_id, day, ends_at, starts_on, ends_on, all_day, is_public, title, place
     FROM public.agenda_entries WHERE scope_id = ? AND tenant_id = ?
     ON CONFLICT DO NOTHING`,
    [networkId, tenantId, tenantId],
  );
}

/** Takes a school out of a network, and all that it shares out of the network's agenda. Also a request that waits. */
export async function leaveNetwork(trx: CentralTrx, networkId: string, tenantId: string): Promise<void> {
  await trx.raw('DELETE FROM public.network_members WHERE network_id = ? AND tenant_id = ?', [
    networkId,
    tenantId,
  ]);
  await trx.raw(
    `DELETE FROM public.agenda_entries a USING public.agenda_events e
     WHERE e.tenant_id = ? AND a.tenant_id = e.tenant_id AND a.event_id = e.event_id AND a.scope_id = ?`,
    [tenantId, networkId],
  );
}

/** The network that a fresh installation has, in which whoever shows themselves to everybody is; null where there is none. */
export async function firstNetworkId(trx: CentralTrx): Promise<string | null> {
  const { rows } = await trx.raw(
    `SELECT id FROM public.tenants WHERE school_type = 'network' AND status <> 'archived' ORDER BY created_on, id LIMIT 1`,
  );
  return rows[0]?.id ?? null;
}
