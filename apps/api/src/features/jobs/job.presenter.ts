import type { Job as JobView } from '@preau/contracts/jobs';
import type { JobRow } from './job.read-model.ts';

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

export const presentJob = (row: JobRow): JobView => ({
  id: row.id,
  kind: row.kind,
  status: row.status,
  tenant: row.tenant_id
    ? { id: row.tenant_id, name: row.tenant_name ?? '', subdomain: row.tenant_subdomain ?? '' }
    : null,
  progress: row.progress,
  steps: row.steps,
  attempts: row.attempts,
  max_attempts: row.max_attempts,
  result: row.result,
  failure: row.failure,
  created_by: { type: row.actor_type, label: row.actor_label },
  created_at: row.created_at.toISOString(),
  started_at: iso(row.started_at),
  heartbeat_at: iso(row.heartbeat_at),
  finished_at: iso(row.finished_at),
  version: row.version,
});

/** Whether nothing will change any more. */
export const hasEnded = ({ status }: Pick<JobView, 'status'>): boolean =>
  status !== 'queued' && status !== 'running';
