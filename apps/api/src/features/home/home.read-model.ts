import type { SchoolHome } from '@preau/contracts/school-home';
import { DEFAULT_PRIMARY_COLOR, DEFAULT_SECONDARY_COLOR } from '@preau/contracts/vocabulary';
import type { CentralTrx } from '@preau/tenancy';
import { STORAGE_LIMIT } from '../media/index.ts';
import { SEATS } from '../quotas/index.ts';

export type CentralPart = Pick<SchoolHome, 'storage' | 'seats'> & {
  waiting: Pick<SchoolHome['waiting'], 'members' | 'support' | 'invitations'>;
  setup: Pick<SchoolHome['setup'], 'colours' | 'people'>;
};

/** What the platform knows of a school, in one query. */
export async function readCentralPart(trx: CentralTrx, id: string): Promise<CentralPart> {
  const { rows } = await trx.raw(
    `SELECT u.storage_bytes::int8 AS used_bytes, ${STORAGE_LIMIT} AS limit_bytes,
       ${SEATS.used} AS seats_used, ${SEATS.limit} AS seats_limit, people.pending, people.active,
       (SELECT count(*)::int FROM public.support_grants g WHERE g.tenant_id = t.id AND g.status = 'asked') AS support,
       (SELECT count(*)::int FROM public.invitations i WHERE i.tenant_id = t.id
          AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now()) AS invitations,
       t.logo_url IS NOT NULL OR t.primary_color <> :primary OR t.secondary_color <> :secondary
         OR EXISTS (SELECT FROM public.theme_versions v WHERE v.tenant_id = t.id) AS colours
     FROM public.tenants t JOIN public.tenant_usage u ON u.tenant_id = t.id,
       LATERAL (SELECT count(*) FILTER (WHERE m.status = 'pending')::int AS pending,
                  count(*) FILTER (WHERE m.status = 'active')::int AS active
                FROM public.memberships m WHERE m.tenant_id = t.id) AS people
     WHERE t.id = :id`,
    { id, primary: DEFAULT_PRIMARY_COLOR, secondary: DEFAULT_SECONDARY_COLOR },
  );
  const [row] = rows;
  return {
    storage: { used_bytes: Number(row.used_bytes), limit_bytes: Number(row.limit_bytes) },
    seats: { used: row.seats_used, limit: row.seats_limit },
    waiting: { members: row.pending, support: row.support, invitations: row.invitations },
    setup: { colours: row.colours, people: row.active > 1 || row.invitations > 0 },
  };
}
