import type { SupportRequest } from '@preau/contracts/support';
import type { Actor } from '../audit/index.ts';
import type { GrantRow } from './support.repository.ts';

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

export const presentGrant = (row: GrantRow, actor: Actor): SupportRequest => ({
  id: row.id,
  status:
    row.status === 'granted' && row.expires_at && row.expires_at.getTime() <= Date.now()
      ? 'expired'
      : row.status,
  reason: row.reason,
  asked_by: row.asked_by_label,
  asked_at: row.asked_at.toISOString(),
  decided_by: row.decided_by_label,
  decided_at: iso(row.decided_at),
  expires_at: iso(row.expires_at),
  ended_at: iso(row.ended_at),
  ended_by: row.ended_by_label,
  mine: row.asked_by === actor.id,
});
