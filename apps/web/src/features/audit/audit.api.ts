import type { AuditPage, AuditVerdict } from '@preau/contracts/audit';
import type * as contracts from '@preau/contracts/audit';
import { call } from '../../shared/http.ts';

/** What may be asked of a trail; texts as they stand in the address. */
export interface TrailQuery {
  search?: string;
  actor?: string;
  action?: string;
  since?: string;
  until?: string;
  cursor?: string;
  newer?: string;
  tenant?: string;
}

/** A trail: the platform's, or a school's own. */
export interface Trail {
  list(query: TrailQuery): Promise<AuditPage>;
  verify(tenant?: string): Promise<AuditVerdict>;
  /** Address of the same as CSV. */
  file(query: TrailQuery): string;
}

function without(query: TrailQuery, ...names: (keyof TrailQuery)[]): TrailQuery {
  return Object.fromEntries(
    Object.entries(query).filter(([name]) => !names.includes(name as keyof TrailQuery)),
  );
}

function fileAt(path: string, query: TrailQuery): string {
  const filters = without(query, 'cursor', 'newer');
  const text = new URLSearchParams(Object.entries(filters)).toString();
  return `/api/v1${path}${text ? `?${text}` : ''}`;
}

export const platformTrail: Trail = {
  list: (query) => call<typeof contracts.listAudit>('GET', '/audit_log/', { query }),
  verify: (tenant) =>
    call<typeof contracts.verifyAudit>('GET', '/audit_log/verify/', { query: tenant ? { tenant } : {} }),
  file: (query) => fileAt('/audit_log/export/', query),
};

export const schoolTrail: Trail = {
  list: (query) =>
    call<typeof contracts.listOwnAudit>('GET', '/current-tenant/audit_log/', {
      query: without(query, 'tenant'),
    }),
  verify: () => call<typeof contracts.verifyOwnAudit>('GET', '/current-tenant/audit_log/verify/'),
  file: (query) => fileAt('/current-tenant/audit_log/export/', without(query, 'tenant')),
};
