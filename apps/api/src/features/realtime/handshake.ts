import type { IncomingHttpHeaders } from 'node:http';
import { preferredLanguage } from '@preau/contracts/languages';
import { AppError } from '../../platform/app-error.ts';
import type { Services } from '../../services.ts';
import { authorise, refuseCrossSite } from '../../zones/authorise.ts';
import { identify, presentedKey } from '../../zones/identify.ts';
import type { Place, PlaceFinder } from '../../zones/place.ts';
import { refusalAt } from '../../zones/zones.ts';
import type { KeyActor, UserActor } from '../audit/index.ts';
import type { TenantSnapshot } from '../current-tenant/index.ts';

/** What a socket asks for, as a route would declare it. */
const CONNECT = {
  name: 'connect',
  method: 'GET',
  path: '/realtime/',
  zone: 'tenant',
  permission: 'realtime:connect',
  tag: 'realtime',
  summary: 'Open a socket',
  success: { status: 200 },
} as const;

export interface Admitted {
  place: Place;
  tenant: TenantSnapshot;
  actor: UserActor | KeyActor;
}

/** What is kept of a request that opened a socket. */
export const carriedBy = (headers: IncomingHttpHeaders): IncomingHttpHeaders => ({
  ...(headers.cookie === undefined ? {} : { cookie: headers.cookie }),
  ...(headers['api-key'] === undefined ? {} : { 'api-key': headers['api-key'] }),
  ...(headers.authorization === undefined ? {} : { authorization: headers.authorization }),
});

/** Why no socket is open at a place, whoever asks; null when there may be. */
export const refusedAt = (place: Place | null): AppError | null =>
  place ? refusalAt(CONNECT, place) : new AppError('misdirected_host');

export const languageOf = (headers: IncomingHttpHeaders) => preferredLanguage(headers['accept-language']);

/**
 * A browser sends its cookie with a socket that any page opens: only the school's own pages may. A program with a key carries
 * nothing of its own accord. Throws `cross_site_request`.
 */
export function refuseForeignPage(headers: IncomingHttpHeaders): void {
  if (presentedKey(headers) === null) refuseCrossSite('POST', headers);
}

/**
 * Who opens a socket, or has one open: a member of the school of the host, with a session, or one of its keys. As often as it is
 * asked it says what is true now. Throws what a route of the school would.
 */
export async function admit(
  {
    headers,
    host,
    ip,
    isUse,
  }: { headers: IncomingHttpHeaders; host: string; ip: string | null; isUse: boolean },
  places: PlaceFinder,
  services: Services,
): Promise<Admitted> {
  const place = await places.load(host);
  const refusal = refusedAt(place);
  if (!place || refusal) throw refusal ?? new AppError('misdirected_host');
  const origin = { actor: { type: 'visitor', id: null, label: 'visitor' } as const, ip, requestId: null };
  const actor = await identify({ headers, origin, place, isUse }, services);
  authorise(CONNECT, actor, place);
  if ((actor.type !== 'user' && actor.type !== 'key') || !place.tenant)
    throw new AppError('not_authenticated');
  // A key of the platform belongs to no school.
  if (actor.tenantId !== place.tenant.id) throw new AppError('wrong_host');
  return { place, tenant: place.tenant, actor };
}
