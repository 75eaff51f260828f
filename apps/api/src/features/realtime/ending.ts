import type { CloseCode } from '@preau/contracts/realtime-vocabulary';
import type { Logger } from 'pino';
import { AppError } from '../../platform/app-error.ts';
import type { Services } from '../../services.ts';
import type { Place, PlaceFinder } from '../../zones/place.ts';
import { connectedOf } from './connected.ts';
import { admit, refusedAt } from './handshake.ts';
import type { Seat, Seats } from './seat.ts';

/** Why a socket closes when the one who has it open is refused. */
const CLOSES: Partial<Record<AppError['code'], CloseCode>> = {
  tenant_inactive: 'tenant_inactive',
  tenant_not_ready: 'tenant_inactive',
  tenant_not_found: 'tenant_not_found',
  domain_moved: 'tenant_not_found',
  second_factor_missing: 'second_factor_missing',
  invalid_api_key: 'key_revoked',
  address_not_allowed: 'key_revoked',
};

export interface EndingOptions {
  services: Services;
  places: PlaceFinder;
  seats: Seats;
  logger: Logger;
}
export type Ending = ReturnType<typeof createEnding>;

/** The end of sockets whose right to be open has ended, and the question whether it has. */
export function createEnding({ services, places, seats, logger }: EndingOptions) {
  const { directory, sessions } = services;
  const metrics = services.metrics.realtime;
  const onError = (error: unknown): void => logger.error({ err: error }, 'realtime');
  const sessionOf = ({ actor }: Seat): string | null => (actor.type === 'user' ? actor.sessionId : null);
  const isOpen = ({ closed, loggedOut }: Seat): boolean => !closed && !loggedOut;

  function close(seat: Seat, code: CloseCode): void {
    if (seat.closed) return;
    seat.closed = code;
    metrics.closed(code);
    const { closed: told } = seat.tenant;
    const { reason, since } = code === 'tenant_inactive' ? told : { reason: null, since: null };
    seat.socket.emit('closing', { code, reason, since });
    seat.socket.disconnect(true);
  }

  /** Its session is over: it goes, or stays without anything of the member's. */
  function end(seat: Seat, code: CloseCode): void {
    if (!seat.consumer.staysWhenLoggedOut || code === 'tenant_inactive') return close(seat, code);
    if (seat.loggedOut) return;
    seat.loggedOut = true;
    for (const room of seat.socket.rooms)
      if (room.startsWith('tenant:') || room.startsWith('public-group:')) void seat.socket.leave(room);
    seat.groupRooms.clear();
  }

  function setTimer(seat: Seat): void {
    clearTimeout(seat.timer);
    const ends = seat.actor.expiresAt;
    if (!isOpen(seat) || !ends) return;
    const wait = Math.min(Math.max(ends.getTime() - Date.now() + 50, 50), 2 ** 31 - 1);
    seat.timer = setTimeout(() => {
      // What is in memory does not say that another process has renewed it.
      const session = sessionOf(seat);
      if (session) sessions.forget(session);
      void check(seat, 'session_expired');
    }, wait).unref();
  }

  /** Asks again by what right a socket is open, and closes it if by none. */
  async function check(seat: Seat, why: CloseCode): Promise<void> {
    if (!isOpen(seat)) return;
    try {
      const { actor, tenant } = await admit({ ...seat, isUse: false }, places, services);
      seat.actor = actor;
      seat.tenant = tenant;
      setTimer(seat);
    } catch (thrown) {
      // A database that does not answer ends nobody's session.
      if (!(thrown instanceof AppError)) return onError(thrown);
      const place = await places.load(seat.host);
      if (place?.tenant) seat.tenant = place.tenant;
      end(seat, CLOSES[thrown.code] ?? why);
    }
  }

  /** Many sockets, in one question about their sessions. */
  async function checkAll(asked: readonly Seat[]): Promise<void> {
    const open = asked.filter(isOpen);
    const standing = await sessions.standing([...new Set(open.flatMap((seat) => sessionOf(seat) ?? []))]);
    const doubtful = open.filter((seat) => {
      const session = sessionOf(seat);
      const ends = session === null ? undefined : standing.get(session);
      // A key is asked for by itself, and so is who may have to prove more from now on.
      if (!ends || (seat.actor.type === 'user' && seat.actor.role === 'admin')) return true;
      seat.actor = { ...seat.actor, expiresAt: ends };
      setTimer(seat);
      return false;
    });
    for (const id of new Set(doubtful.flatMap((seat) => (sessionOf(seat) ? [seat.tenant.id] : []))))
      directory.forgetTenant(id);
    await Promise.all(doubtful.map((seat) => check(seat, 'session_ended')));
  }

  /** What a school's sockets are told of a change of the school. */
  function tellChange(seat: Seat, place: Place): void {
    const { tenant: before } = seat;
    if (!place.tenant) return;
    seat.tenant = place.tenant;
    const { theme, modulesEnabled } = place.tenant;
    const { send } = connectedOf(seat);
    if (theme.value.version !== before.theme.value.version)
      send('theme.changed', { version: theme.value.version });
    if (JSON.stringify(modulesEnabled) !== JSON.stringify(before.modulesEnabled))
      send('modules.changed', { modules_enabled: { ...modulesEnabled } });
  }

  /** The school itself changed: open or closed, its modules, its colours, how long its sessions last. */
  async function changeTenant(tenantId: string): Promise<void> {
    const own = seats.ofTenant(tenantId).filter(({ closed }) => !closed);
    for (const host of new Set(own.map((seat) => seat.host))) {
      const place = await places.load(host);
      const refusal = refusedAt(place);
      for (const seat of own.filter((one) => one.host === host)) {
        if (!place || refusal) {
          if (place?.tenant) seat.tenant = place.tenant;
          end(seat, CLOSES[refusal?.code ?? 'tenant_not_found'] ?? 'tenant_not_found');
        } else tellChange(seat, place);
      }
    }
    await checkAll(own);
  }

  return { close, end, setTimer, check, checkAll, changeTenant, onError };
}
