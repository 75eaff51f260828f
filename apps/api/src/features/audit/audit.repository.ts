import type { CentralTrx, TenantTrx } from '@preau/tenancy';
import { masked } from './masked.ts';
import type { Origin } from './origin.ts';

export interface AuditEntry {
  /** `noun.verb`, past tense not needed: `tenant.create`. */
  action: string;
  target: { type: string; id: string | null };
  before?: unknown;
  after?: unknown;
}

const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(masked(value)));

/** All of a row but its school, in the order of both ways to write it. */
function fieldsOf({ actor, ip, requestId }: Origin, entry: AuditEntry): (string | null)[] {
  const grant = actor.type === 'user' ? actor.support : undefined;
  return [
    actor.type,
    actor.id,
    actor.label,
    entry.action,
    entry.target.type,
    entry.target.id,
    json(entry.before),
    json(entry.after),
    ip,
    requestId,
    grant?.id ?? null,
    grant?.grantor.id ?? null,
    grant?.grantor.label ?? null,
  ];
}

/** Writes a row about a school, or about the platform itself (`tenantId` null), in the transaction of the change. */
export async function auditCentral(
  trx: CentralTrx,
  origin: Origin,
  tenantId: string | null,
  entry: AuditEntry,
): Promise<void> {
  await trx.raw(
    `INSERT INTO audit.log
       (tenant_id, actor_type, actor_id, actor_label, action, target_type, target_id, before, after, ip, request_id,
        grant_id, grantor_id, grantor_label)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [tenantId, ...fieldsOf(origin, entry)] as never,
  );
}

/** Writes a row about the school of a tenant transaction. The school is the transaction's, not an argument. */
export async function auditTenant(trx: TenantTrx, origin: Origin, entry: AuditEntry): Promise<void> {
  await trx.raw(
    'SELECT tenant_api.write_audit(?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?, ?, ?, ?)',
    fieldsOf(origin, entry) as never,
  );
}
