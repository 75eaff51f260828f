import type { TenantStatus } from '@preau/contracts/vocabulary';
import { AppError } from '../../platform/app-error.ts';

/** The states a school can go to from each state. Archiving remembers where it came from; restoring goes back there. */
const TRANSITIONS: Record<TenantStatus, readonly TenantStatus[]> = {
  pending: ['provisioning', 'active', 'failed', 'archived'],
  provisioning: ['active', 'failed'],
  failed: ['provisioning', 'active', 'failed', 'archived'],
  active: ['inactive', 'archived'],
  inactive: ['active', 'archived'],
  archived: ['pending', 'failed', 'inactive', 'active'],
};

export const mayGo = (from: TenantStatus, to: TenantStatus): boolean => TRANSITIONS[from].includes(to);

/** @throws AppError `illegal_transition` */
export function assertTransition(from: TenantStatus, to: TenantStatus): void {
  if (!mayGo(from, to)) throw new AppError('illegal_transition', { details: { from, to } });
}
