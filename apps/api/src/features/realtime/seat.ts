import type { CloseCode } from '@preau/contracts/realtime-vocabulary';
import type { Language } from '@preau/contracts/vocabulary';
import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'socket.io';
import type { KeyActor, UserActor } from '../audit/index.ts';
import type { TenantSnapshot } from '../current-tenant/index.ts';
import type { Verdict } from './limits.ts';
import type { RealtimePart } from './realtime-part.ts';

/** Parts that the sockets of one kind have to do with. */
export interface Consumer {
  name: string;
  staysWhenLoggedOut: boolean;
  parts: readonly RealtimePart[];
}

/** One open socket, and by what right it is open. */
export interface Seat {
  readonly socket: Socket;
  readonly host: string;
  /** What it was opened with, and nothing else of the request: thousands of these are held. */
  readonly headers: IncomingHttpHeaders;
  readonly ip: string | null;
  readonly language: Language;
  readonly consumer: Consumer;
  actor: UserActor | KeyActor;
  tenant: TenantSnapshot;
  take: () => Verdict;
  /** Its session has ended, and its consumer stays. */
  loggedOut: boolean;
  closed: CloseCode | null;
  /** Asks again whether the session stands, when its time is over. */
  timer: NodeJS.Timeout | undefined;
  /** Groups whose rooms it is in. */
  groupRooms: Set<string>;
}

/** The sockets of this process by what may end them. */
export function createSeats() {
  const seats = new Map<string, Seat>();
  const byTenant = new Map<string, Set<Seat>>();
  const bySession = new Map<string, Set<Seat>>();

  const put = (index: Map<string, Set<Seat>>, key: string, seat: Seat): void => {
    const known = index.get(key);
    if (known) known.add(seat);
    else index.set(key, new Set([seat]));
  };
  const take = (index: Map<string, Set<Seat>>, key: string, seat: Seat): void => {
    const known = index.get(key);
    known?.delete(seat);
    if (known?.size === 0) index.delete(key);
  };
  const sessionOf = ({ actor }: Seat): string | null => (actor.type === 'user' ? actor.sessionId : null);

  return {
    add(seat: Seat): void {
      seats.set(seat.socket.id, seat);
      put(byTenant, seat.tenant.id, seat);
      const session = sessionOf(seat);
      if (session) put(bySession, session, seat);
    },
    remove(seat: Seat): boolean {
      clearTimeout(seat.timer);
      if (!seats.delete(seat.socket.id)) return false;
      take(byTenant, seat.tenant.id, seat);
      const session = sessionOf(seat);
      if (session) take(bySession, session, seat);
      return true;
    },
    get: (socketId: string): Seat | undefined => seats.get(socketId),
    all: (): Seat[] => [...seats.values()],
    ofTenant: (id: string): Seat[] => [...(byTenant.get(id) ?? [])],
    ofSession: (id: string): Seat[] => [...(bySession.get(id) ?? [])],
    /** Sockets of the same person, or key, at the same school. */
    of(tenantId: string, actorId: string): Seat[] {
      return [...(byTenant.get(tenantId) ?? [])].filter(({ actor }) => actor.id === actorId);
    },
    get size(): number {
      return seats.size;
    },
  };
}
export type Seats = ReturnType<typeof createSeats>;
