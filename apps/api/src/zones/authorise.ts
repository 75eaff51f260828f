import type { RouteContract } from '@preau/contracts/define-route';
import { AppError } from '../platform/app-error.ts';
import { assertMay, type Actor } from '../features/audit/index.ts';
import type { Place } from './place.ts';

/**
 * Whether the one who asks may do what the route does, at this place. Module last: an outsider does not learn which
 * modules a school has.
 * @throws AppError
 */
export function authorise(
  { permission, module, duringEnrolment }: RouteContract,
  actor: Actor,
  { tenant }: Place,
): void {
  if (permission !== 'anyone' && actor.type === 'visitor') throw new AppError('not_authenticated');
  // A key is nobody in person.
  if (permission === 'authenticated' && actor.type !== 'user') throw new AppError('not_authenticated');
  if (actor.type === 'user' && actor.mustEnrol && !duringEnrolment)
    throw new AppError('second_factor_missing');
  if (permission !== 'anyone' && permission !== 'authenticated') assertMay(actor, permission);
  if (module && tenant && !tenant.modulesEnabled[module])
    throw new AppError('module_disabled', { details: { module } });
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses a write that a browser says comes from another site. `Sec-Fetch-Site` is the browser's own word; older ones send
 * `Origin`. A program sends neither and carries no cookie of its own accord.
 * @throws AppError `cross_site_request`
 */
export function refuseCrossSite(
  method: string,
  headers: Record<string, string | string[] | undefined>,
): void {
  if (SAFE.has(method)) return;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) {
    if (site !== 'same-origin' && site !== 'none') throw new AppError('cross_site_request');
    return;
  }
  const origin = headers['origin'];
  if (typeof origin !== 'string') return;
  const host = URL.canParse(origin) ? new URL(origin).host : null;
  if (host !== String(headers['host'] ?? '').toLowerCase()) throw new AppError('cross_site_request');
}
