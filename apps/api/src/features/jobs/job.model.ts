import type { JobFailure, JobProgress, JobStep } from '@preau/contracts/jobs';
import type { JobStatus } from '@preau/contracts/vocabulary';
import { CentralModel } from '../../database/central.model.ts';

/** One piece of long-running work, as the platform keeps it. */
export class Job extends CentralModel {
  static override tableName = 'public.jobs';
  static override jsonAttributes = ['payload', 'progress', 'steps', 'result', 'failure'];
  declare id: string;
  declare kind: string;
  declare tenant_id: string | null;
  declare status: JobStatus;
  declare payload: unknown;
  declare unique_key: string | null;
  declare progress: JobProgress | null;
  declare steps: JobStep[];
  declare attempts: number;
  declare max_attempts: number;
  declare run_at: Date;
  declare owner: string | null;
  declare heartbeat_at: Date | null;
  declare cancel_requested: boolean;
  declare result: unknown;
  declare failure: JobFailure | null;
  declare actor_type: string;
  declare actor_id: string | null;
  declare actor_label: string;
  declare request_id: string | null;
  declare created_at: Date;
  declare started_at: Date | null;
  declare finished_at: Date | null;
  declare version: number;
}
