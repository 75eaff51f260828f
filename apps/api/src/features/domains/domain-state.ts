import type { DomainStatus } from '@preau/contracts/vocabulary';
import type { Report } from './domain-doctor.ts';

/** Days for which a domain that was verified goes on answering though its proof and its way here are both gone. */
export const GRACE_DAYS = 14;

export interface DomainState {
  status: DomainStatus;
  failing_since: Date | null;
}

const DAY = 86_400_000;

/**
 * What a domain of a school's own becomes by what was found. DNS that does not answer changes nothing: a name server that is
 * down for a night is no reason. A domain that fails goes on answering, since nobody arrives by it unless it leads here; only
 * when neither the proof nor the way is there for {@link GRACE_DAYS} is it taken for somebody else's.
 */
export function nextState(before: DomainState, report: Report, now: Date): DomainState {
  const { verified, leads_here: leadsHere } = report;
  if (before.status === 'pending')
    return verified === true ? { status: 'active', failing_since: null } : before;
  if (verified === null || leadsHere === null) {
    // What is known to be wrong may be told; that it is right may not.
    if (verified !== false && leadsHere !== false) return before;
  } else if (verified && leadsHere) return { status: 'active', failing_since: null };
  const since = before.failing_since ?? now;
  const lost = verified === false && leadsHere === false;
  if (lost && now.getTime() - since.getTime() > GRACE_DAYS * DAY)
    return { status: 'pending', failing_since: null };
  return { status: 'failing', failing_since: since };
}
