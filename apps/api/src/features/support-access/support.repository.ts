import type { CentralTrx } from '@preau/tenancy';

export interface GrantRow {
  id: string;
  tenant_id: string;
  status: 'asked' | 'granted' | 'refused' | 'ended';
  reason: string;
  asked_by: string;
  asked_by_label: string;
  asked_at: Date;
  decided_by: string | null;
  decided_by_label: string | null;
  decided_at: Date | null;
  expires_at: Date | null;
  ended_at: Date | null;
  ended_by_label: string | null;
}

const COLUMNS =
  'id, tenant_id, status, reason, asked_by, asked_by_label, asked_at, decided_by, decided_by_label, decided_at, expires_at, ended_at, ended_by_label';

/** A hundred of the newest: nobody reads further back than the audit trail goes. */
export async function listGrants(trx: CentralTrx, tenantId: string): Promise<GrantRow[]> {
  const { rows } = await trx.raw(
    `SELECT ${COLUMNS} FROM public.support_grants WHERE tenant_id = ? ORDER BY asked_at DESC LIMIT 100`,
    [tenantId],
  );
  return rows;
}

export async function lockGrant(
  trx: CentralTrx,
  tenantId: string,
  id: string,
): Promise<GrantRow | undefined> {
  const { rows } = await trx.raw(
    `SELECT ${COLUMNS} FROM public.support_grants WHERE id = ? AND tenant_id = ? FOR UPDATE`,
    [id, tenantId],
  );
  return rows[0];
}

/** Ends what has run out, so that it does not stand in the way of another request. */
export async function closeExpired(trx: CentralTrx, tenantId: string): Promise<void> {
  await trx.raw(
    `UPDATE public.support_grants SET status = 'ended', ended_at = expires_at
     WHERE tenant_id = ? AND status = 'granted' AND expires_at <= now()`,
    [tenantId],
  );
}

export async function insertGrant(
  trx: CentralTrx,
  row: Pick<GrantRow, 'id' | 'tenant_id' | 'reason' | 'asked_by' | 'asked_by_label'>,
): Promise<GrantRow> {
  const { rows } = await trx.raw(
    `INSERT INTO public.support_grants (id, tenant_id, reason, asked_by, asked_by_label) VALUES (?, ?, ?, ?, ?) RETURNING ${COLUMNS}`,
    [row.id, row.tenant_id, row.reason, row.asked_by, row.asked_by_label],
  );
  return rows[0];
}

export async function decide(
  trx: CentralTrx,
  id: string,
  by: { id: string; label: string },
  hours: number | null,
): Promise<GrantRow> {
  const { rows } = await trx.raw(
    `UPDATE public.support_grants SET status = CASE WHEN ?::int IS NULL THEN 'refused' ELSE 'granted' END,
       decided_by = ?, decided_by_label = ?, decided_at = now(), expires_at = now() + make_interval(hours => ?::int)
     WHERE id = ? RETURNING ${COLUMNS}`,
    [hours, by.id, by.label, hours, id] as never,
  );
  return rows[0];
}

export async function endGrant(trx: CentralTrx, id: string, by: string): Promise<GrantRow> {
  const { rows } = await trx.raw(
    `UPDATE public.support_grants SET status = 'ended', ended_at = now(), ended_by_label = ?, entry_hash = NULL
     WHERE id = ? RETURNING ${COLUMNS}`,
    [by, id],
  );
  return rows[0];
}

/** Makes the way in; one made before is worthless from now on. */
export async function setEntry(trx: CentralTrx, id: string, hash: Buffer, expiresAt: Date): Promise<void> {
  await trx.raw('UPDATE public.support_grants SET entry_hash = ?, entry_expires_at = ? WHERE id = ?', [
    hash,
    expiresAt,
    id,
  ]);
}

/** Uses up a way into a school; undefined when there is none, or none any more. */
export async function takeEntry(
  trx: CentralTrx,
  tenantId: string,
  hash: Buffer,
): Promise<GrantRow | undefined> {
  const { rows } = await trx.raw(
    `UPDATE public.support_grants SET entry_hash = NULL
     WHERE entry_hash = ? AND tenant_id = ? AND entry_expires_at > now() AND status = 'granted' AND expires_at > now()
     RETURNING ${COLUMNS}`,
    [hash, tenantId],
  );
  return rows[0];
}

/** Who is let in now, and how many wait for an answer. */
export async function supportOf(
  trx: CentralTrx,
  tenantId: string,
): Promise<{ active: GrantRow[]; asked: number }> {
  const { rows } = await trx.raw(
    `SELECT ${COLUMNS} FROM public.support_grants
     WHERE tenant_id = ? AND (status = 'asked' OR (status = 'granted' AND expires_at > now())) ORDER BY asked_at`,
    [tenantId],
  );
  const open = rows as GrantRow[];
  return {
    active: open.filter(({ status }) => status === 'granted'),
    asked: open.filter(({ status }) => status === 'asked').length,
  };
}

/** Addresses of a school's administrators. */
export async function administratorsOf(trx: CentralTrx, tenantId: string): Promise<string[]> {
  const { rows } = await trx.raw(
    `SELECT u.email FROM public.memberships m JOIN public.users u ON u.id = m.user_id
     WHERE m.tenant_id = ? AND m.role = 'admin' AND m.status = 'active' ORDER BY u.email LIMIT 20`,
    [tenantId],
  );
  return (rows as { email: string }[]).map(({ email }) => email);
}
