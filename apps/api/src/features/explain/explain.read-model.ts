import type { DomainKind, DomainStatus, Role, TenantStatus } from '@preau/contracts/vocabulary';
import type { ModulesEnabled } from '@preau/contracts/modules';
import type { SchoolType } from '@preau/contracts/vocabulary';
import type { CentralTrx } from '@preau/tenancy';

/** A domain as it is registered, whoever's it is. */
export interface ExplainedDomain {
  id: string;
  tenant_id: string;
  domain: string;
  kind: DomainKind;
  status: DomainStatus;
  is_primary: boolean;
  redirects: boolean;
  expired: boolean;
  /** Address that the school is to be found at. */
  primary_domain: string;
}

export async function findRegistered(trx: CentralTrx, host: string): Promise<ExplainedDomain | null> {
  const { rows } = await trx.raw(
    `SELECT d.id, d.tenant_id, d.domain, d.kind, d.status, d.is_primary, d.redirects,
       coalesce(d.expires_at <= now(), false) AS expired, p.domain AS primary_domain
     FROM public.domains d JOIN public.domains p ON p.tenant_id = d.tenant_id AND p.is_primary
     WHERE d.domain = ?`,
    [host],
  );
  return rows[0] ?? null;
}

export interface ExplainedSchool {
  id: string;
  name: string;
  status: TenantStatus;
  school_type: SchoolType;
  modules_enabled: ModulesEnabled;
  inactive_since: Date | null;
  inactive_reason: string | null;
  paid_until: string | null;
  overdue: boolean | null;
  version: number;
  primary_domain: string;
  schema_version: string | null;
}

export async function findSchool(trx: CentralTrx, id: string): Promise<ExplainedSchool | null> {
  const { rows } = await trx.raw(
    `SELECT t.id, t.name, t.status, t.school_type, t.modules_enabled, t.inactive_since, t.inactive_reason,
       to_char(t.paid_until, 'YYYY-MM-DD') AS paid_until, t.paid_until < current_date AS overdue, t.version,
       p.domain AS primary_domain, v.version AS schema_version
     FROM public.tenants t
     JOIN public.domains p ON p.tenant_id = t.id AND p.is_primary
     LEFT JOIN public.schema_versions v ON v.schema_name = t.schema_name
     WHERE t.id = ?`,
    [id],
  );
  return rows[0] ?? null;
}

export interface ExplainedPerson {
  id: string;
  email: string;
  is_superadmin: boolean;
  role: Role | null;
}

/** A person by id or e-mail address, and their role in a school. */
export async function findPerson(
  trx: CentralTrx,
  name: string,
  tenantId: string | null,
): Promise<ExplainedPerson | null> {
  const { rows } = await trx.raw(
    `SELECT u.id, u.email, u.is_superadmin, m.role FROM public.users u
     LEFT JOIN public.memberships m ON m.user_id = u.id AND m.tenant_id = :tenantId
     WHERE u.email = lower(:name) OR u.id::text = :name`,
    { name: name.trim(), tenantId },
  );
  return rows[0] ?? null;
}
