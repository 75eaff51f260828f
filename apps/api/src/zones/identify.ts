import type { IncomingHttpHeaders } from 'node:http';
import type { Services } from '../services.ts';
import type { Actor, Origin } from '../features/audit/index.ts';
import type { Place } from './place.ts';

export const VISITOR: Actor = { type: 'visitor', id: null, label: 'visitor' };

/** The key of either header: `api-key: <key>` or `Authorization: Api-Key <key>`. */
export function presentedKey(headers: IncomingHttpHeaders): string | null {
  const plain = headers['api-key'];
  if (typeof plain === 'string') return plain.trim();
  return /^Api-Key\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? null;
}

/** What somebody carries to a place, in a request or in what opened their socket. */
export interface Presented {
  headers: IncomingHttpHeaders;
  origin: Origin;
  place: Place;
  /** Whether this is use of the session, which begins its time anew. */
  isUse: boolean;
}

/** Who asks. A key wins over a cookie; a cookie counts only where its session was opened. */
export async function identify(
  { headers, origin, place, isUse }: Presented,
  { sessions, apiKeys, sessionCookie }: Pick<Services, 'sessions' | 'apiKeys' | 'sessionCookie'>,
): Promise<Actor> {
  const key = presentedKey(headers);
  if (key !== null) {
    const actor = await apiKeys.authenticate(key, origin);
    if (actor.tenantId !== null && place.tenant && place.tenant.id !== actor.tenantId)
      return apiKeys.refuseWrongHost(actor, origin, place.tenant.id);
    return actor;
  }
  const token = sessionCookie.read(headers.cookie);
  const actor = token === null ? null : await sessions.authenticate(token, { isUse });
  if (!actor) return VISITOR;
  const here = place.tenant?.id ?? null;
  if (actor.tenantId !== here) return sessions.refuseWrongHost(actor, origin, place.tenant);
  return actor;
}
