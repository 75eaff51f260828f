import type { Bundle as Presented } from '@preau/contracts/bundles';
import type { BundleRow } from './bundle.read-model.ts';

const number = (text: string | null): number | null => (text === null ? null : Number(text));
const time = (date: Date | null): string | null => date?.toISOString() ?? null;

export const presentBundle = (row: BundleRow): Presented => ({
  id: row.id,
  tenant_id: row.tenant_id,
  school: { name: row.school_name, subdomain: row.subdomain, exists: row.school_exists },
  kind: row.kind,
  cause: row.cause,
  status: row.status,
  encrypted: row.encrypted,
  bytes: number(row.bytes),
  checksum: row.checksum,
  schema_version: row.schema_version,
  rows: number(row.row_count),
  files: number(row.file_count),
  file_bytes: number(row.file_bytes),
  made_by: row.made_by,
  failure: row.failure,
  created_at: row.created_at.toISOString(),
  finished_at: time(row.finished_at),
  duration_ms: row.finished_at ? row.finished_at.getTime() - row.created_at.getTime() : null,
  verified_at: time(row.verified_at),
  drilled_at: time(row.drilled_at),
  keep_until: time(row.keep_until),
});
