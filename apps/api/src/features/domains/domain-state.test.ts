import { expect, it } from 'vitest';
import type { Report } from './domain-doctor.ts';
import { GRACE_DAYS, nextState, type DomainState } from './domain-state.ts';

const NOW = new Date('2026-11-21T04:00:00Z');
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);
const found = (verified: boolean | null, leads_here: boolean | null): Report => ({
  checked_at: NOW.toISOString(),
  verified,
  leads_here,
  ready: false,
  findings: [],
});
const pending: DomainState = { status: 'pending', failing_since: null };
const active: DomainState = { status: 'active', failing_since: null };
const failing = (days: number): DomainState => ({ status: 'failing', failing_since: daysAgo(days) });

it.each([
  ['a pending domain is active once its proof is there, wherever it leads', pending, [true, false], active],
  ['a pending domain stays so without', pending, [false, true], pending],
  ['a pending domain stays so while DNS does not answer', pending, [null, null], pending],
  ['an active domain stays so', active, [true, true], active],
  ['an active domain fails without its proof', active, [false, true], failing(0)],
  ['an active domain fails when it leads elsewhere', active, [true, false], failing(0)],
  ['silence of DNS changes nothing', active, [null, null], active],
  ['silence does not heal', failing(3), [null, true], failing(3)],
  ['it fails by what is known', active, [null, false], failing(0)],
  ['one that is right again is active', failing(3), [true, true], active],
  ['one that fails keeps its first day', failing(3), [false, false], failing(3)],
  ['grace ends', failing(GRACE_DAYS + 1), [false, false], pending],
  [
    'grace does not end for one that leads here',
    failing(GRACE_DAYS + 1),
    [false, true],
    failing(GRACE_DAYS + 1),
  ],
  ['grace does not end in silence', failing(GRACE_DAYS + 1), [null, false], failing(GRACE_DAYS + 1)],
] as const)('%s', (_, before, [verified, leadsHere], after) =>
  expect(nextState(before, found(verified, leadsHere), NOW)).toEqual(after),
);
