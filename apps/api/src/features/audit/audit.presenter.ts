import type { AuditRow } from '@preau/contracts/audit';
import { stringify } from 'csv-stringify/sync';
import type { AuditRecord } from './audit.read-model.ts';

export const presentAuditRow = (row: AuditRecord): AuditRow => ({
  seq: Number(row.seq),
  at: row.at.toISOString(),
  tenant_id: row.tenant_id,
  tenant_name: row.tenant_name,
  actor_type: row.actor_type,
  actor_id: row.actor_id,
  actor: row.actor_label,
  support: row.grant_id === null ? null : { grant_id: row.grant_id, granted_by: row.grantor_label ?? '' },
  action: row.action,
  target_type: row.target_type,
  target_id: row.target_id,
  before: row.before,
  after: row.after,
  ip: row.ip,
  request_id: row.request_id,
});

const COLUMNS = [
  'seq',
  'at',
  'tenant_id',
  'tenant_name',
  'actor_type',
  'actor_id',
  'actor',
  'support_granted_by',
  'action',
  'target_type',
  'target_id',
  'before',
  'after',
  'ip',
  'request_id',
] as const;

const json = (value: unknown): string => (value === null || value === undefined ? '' : JSON.stringify(value));

/**
 * Rows as CSV; the first piece has the names, and the mark by which spreadsheets know the encoding. A cell that a spreadsheet
 * would reckon as a formula is made a text: names and titles are anybody's words.
 */
export function csvOf(rows: readonly AuditRecord[], first: boolean): string {
  const lines = rows.map(presentAuditRow).map(({ support, before, after, ...row }) => ({
    ...row,
    support_granted_by: support?.granted_by ?? '',
    before: json(before),
    after: json(after),
  }));
  return stringify(lines, { header: first, bom: first, columns: [...COLUMNS], escape_formulas: true });
}
