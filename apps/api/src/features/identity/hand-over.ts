import type { Services } from '../../services.ts';
import type { Call } from '../define-feature.ts';

/** Hands over a new session. The one that the browser carried would stay open with nobody left to end it. */
export async function handOver(
  { sessions, sessionCookie }: Pick<Services, 'sessions' | 'sessionCookie'>,
  { headers, origin, reply }: Call,
  token: string,
): Promise<void> {
  const former = sessionCookie.read(headers['cookie'] as string | undefined);
  if (former) await sessions.logOut(former, origin);
  sessionCookie.set(reply, token);
}

/** The browser of a request, as its sessions show it. */
export const userAgentOf = ({ headers }: Pick<Call, 'headers'>): string | null =>
  String(headers['user-agent'] ?? '').slice(0, 300) || null;
