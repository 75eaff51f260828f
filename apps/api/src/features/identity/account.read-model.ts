import type { Role, SchoolType, TenantStatus } from '@preau/contracts/vocabulary';
import type { CentralTrx } from '@preau/tenancy';
import { ENDS } from './session.repository.ts';

export interface OwnSessionRow {
  id: string;
  tenant_id: string | null;
  school_name: string | null;
  ip: string | null;
  user_agent: string | null;
  created_at: Date;
  last_seen_at: Date;
  expires_at: Date;
}

/** A person's sessions that have not ended, last seen first. */
export async function sessionsOf(trx: CentralTrx, userId: string): Promise<OwnSessionRow[]> {
  const { rows } = await trx.raw(
    `SELECT s.id, s.tenant_id, t.name AS school_name, s.ip, s.user_agent, s.created_at, s.last_seen_at, ${ENDS} AS expires_at
     FROM public.sessions s LEFT JOIN public.tenants t ON t.id = s.tenant_id
     WHERE s.user_id = ? AND ${ENDS} > now() ORDER BY s.last_seen_at DESC, s.id DESC LIMIT 100`,
    [userId],
  );
  return rows;
}

export interface OwnSchoolRow {
  id: string;
  name: string;
  school_type: SchoolType;
  status: TenantStatus;
  role: Role;
  domain: string;
  primary_color: string;
  logo_url: string | null;
}

/** The schools that a person is a member of and that were not given up, by name. */
export async function schoolsOf(trx: CentralTrx, userId: string): Promise<OwnSchoolRow[]> {
  const { rows } = await trx.raw(
    `SELECT t.id, t.name, t.school_type, t.status, m.role, d.domain, t.primary_color, t.logo_url
     FROM public.memberships m
     JOIN public.tenants t ON t.id = m.tenant_id
     JOIN public.domains d ON d.tenant_id = t.id AND d.is_primary
     WHERE m.user_id = ? AND m.status = 'active' AND t.status IN ('active', 'inactive')
     ORDER BY t.name, t.id LIMIT 200`,
    [userId],
  );
  return rows;
}
