import type { RouteContract } from '@preau/contracts/define-route';
import { AppError } from '../platform/app-error.ts';
import { urlOf, type PublicBase } from '../features/tenants/index.ts';
import type { Place } from './place.ts';

/** What a closed or unopened school answers, with the reason it gave. */
export function schoolClosed({ tenant }: Place): AppError | null {
  if (!tenant || tenant.status === 'active') return null;
  if (tenant.status === 'inactive' || tenant.status === 'archived') {
    return new AppError('tenant_inactive', { extensions: tenant.closed });
  }
  return new AppError('tenant_not_ready');
}

/** What an address that redirects answers: the same path at the school's primary address, whatever the method. */
export function movedTo({ tenant }: Place, base: PublicBase, url: string): AppError {
  // A target in absolute form names a host of its own.
  const path = url.startsWith('/') ? url : '/';
  const location = `${urlOf(base, tenant?.primaryDomain ?? base.domain)}${path}`;
  return new AppError('domain_moved', { details: { location }, headers: { location } });
}

/** Whether routes of a zone are to be found at a place. */
export const livesAt = ({ zone }: Pick<RouteContract, 'zone'>, { kind }: Place): boolean =>
  zone === 'public' || (zone === 'tenant') === (kind === 'tenant');

/**
 * Why a route cannot be reached at a place, or null. The wrong place is 404, not 403: a school's host does not even say that
 * the platform's routes exist.
 */
export function refusalAt(contract: RouteContract, place: Place): AppError | null {
  if (place.kind === 'unknown') return new AppError('tenant_not_found');
  if (place.kind === 'moved') return new AppError('domain_moved');
  if (!livesAt(contract, place)) return new AppError('not_found');
  return contract.whenClosed ? null : schoolClosed(place);
}
