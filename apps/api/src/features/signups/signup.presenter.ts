import type { Signup, SignupRequest, SignupStep } from '@preau/contracts/signups';
import type { SignupProgress, SignupRequestRow } from './signup.read-model.ts';
import type { SignupRow } from './signup.repository.ts';

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

const asked = (row: SignupRow) => ({
  id: row.id,
  status: row.status,
  email: row.email,
  full_name: row.full_name,
  school_name: row.school_name,
  school_type: row.school_type,
  subdomain: row.subdomain,
  phone: row.phone,
  address: row.address,
  postal_code: row.postal_code,
  city: row.city,
  website: row.website,
  uai: row.uai,
  message: row.message,
  reason: row.reason,
  created_at: row.created_at.toISOString(),
  submitted_at: iso(row.submitted_at),
  decided_at: iso(row.decided_at),
});

/** Steps of the making of a school, in their order, for a reader who waits for them. */
const BUILDING = ['role', 'schema', 'snapshot', 'seed_data', 'storage_prefix', 'first_admin', 'activation'];

/** The whole way of a request, each step with what has become of it. */
export function stepsOf({ status }: Pick<SignupRow, 'status'>, { building }: SignupProgress): SignupStep[] {
  const proved = status !== 'asked';
  const described = proved && status !== 'proved';
  const granted = status === 'approved' || status === 'open' || status === 'failed';
  const known = new Map(building.map((step) => [step.name, step.status]));
  // Steps that are sent together are written down together: what is before one that has ended has ended.
  const statusOf = (name: string): SignupStep['status'] => {
    if (status === 'open') return 'done';
    const now = known.get(name);
    if (now === 'running' && status === 'failed') return 'failed';
    return granted ? (now ?? 'waiting') : 'waiting';
  };
  return [
    { name: 'proof', status: proved ? 'done' : 'waiting' },
    { name: 'details', status: described ? 'done' : 'waiting' },
    {
      name: 'review',
      status: granted
        ? 'done'
        : status === 'refused'
          ? 'failed'
          : status === 'waiting'
            ? 'running'
            : 'waiting',
    },
    ...BUILDING.map((name): SignupStep => ({ name, status: statusOf(name) })),
    {
      name: 'open',
      status:
        status === 'open'
          ? 'done'
          : status === 'failed'
            ? 'failed'
            : status === 'approved'
              ? 'running'
              : 'waiting',
    },
  ];
}

export const presentSignup = (
  { row, suggestion, progress }: { row: SignupRow; suggestion: string | null; progress: SignupProgress },
  urlOf: (host: string) => string,
): Signup => ({
  ...asked(row),
  suggested_subdomain: suggestion,
  steps: stepsOf(row, progress),
  school_url: row.status === 'open' && progress.host ? urlOf(progress.host) : null,
});

export const presentRequest = (row: SignupRequestRow): SignupRequest => ({
  ...asked(row),
  decided_by: row.decided_by,
  failure: row.failure,
  tenant_id: row.tenant_id,
  subdomain_taken: row.subdomain_taken,
});
