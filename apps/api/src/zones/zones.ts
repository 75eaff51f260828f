import type { RouteContract } from '@preau/contracts/define-route';
import { AppError } from '../platform/app-error.ts';
import type { Place } from './place.ts';

/** What a closed or unopened school answers, with the reason it gave. */
export function schoolClosed({ tenant }: Place): AppError | null {
  if (!tenant || tenant.status === 'active') return null;
  if (tenant.status === 'inactive' || tenant.status === 'archived') {
    return new AppError('tenant_inactive', { extensions: tenant.closed });
  }
  return new AppError('tenant_not_ready');
}

/** Whether routes of a zone are to be found at a place. */
export const livesAt = ({ zone }: Pick<RouteContract, 'zone'>, { kind }: Place): boolean =>
  zone === 'public' || (zone === 'tenant') === (kind === 'tenant');

/**
 * Whether a route may be reached at a place. The wrong place is 404, not 403: a school's host does not even say that
 * the platform's routes exist.
 * @throws AppError
 */
export function enterZone(contract: RouteContract, place: Place): void {
  if (place.kind === 'unknown') throw new AppError('tenant_not_found');
  if (!livesAt(contract, place)) throw new AppError('not_found');
  if (contract.whenClosed) return;
  const closed = schoolClosed(place);
  if (closed) throw closed;
}
