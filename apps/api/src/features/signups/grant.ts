import type { CentralTrx } from '@preau/tenancy';
import { auditCentral, SYSTEM, type Origin } from '../audit/index.ts';
import type { JobService } from '../jobs/index.ts';
import { OPEN_SIGNUP } from './job-kinds.ts';
import { patchSignup, type SignupRow } from './signup.repository.ts';

/** Grants a request that is held, and starts the making of its school, in the caller's transaction. */
export async function grant(
  trx: CentralTrx,
  jobs: JobService,
  { id, subdomain: asked }: SignupRow,
  {
    origin = SYSTEM,
    automatic = false,
    subdomain,
  }: { origin?: Origin; automatic?: boolean; subdomain?: string },
): Promise<{ row: SignupRow; jobId: string }> {
  const granted = await patchSignup(trx, id, {
    status: 'approved',
    automatic,
    failure: null,
    subdomain: subdomain ?? asked,
    decided_at: new Date(),
    decided_by: origin.actor.label,
  });
  await auditCentral(trx, origin, null, {
    action: 'signup.approve',
    target: { type: 'signup', id },
    after: { subdomain: granted.subdomain, automatic },
  });
  const jobId = await jobs.start(trx, origin, {
    kind: OPEN_SIGNUP,
    payload: { signup_id: id },
    uniqueKey: id,
  });
  return { row: granted, jobId };
}
