import type { Delivered } from '@preau/contracts/realtime';
import type { CloseCode } from '@preau/contracts/realtime-vocabulary';
import { realtimeGroupRoom, realtimeRoom, realtimeUserRoom, type Change } from '@preau/tenancy';
import { randomUUID } from 'node:crypto';
import type { Server } from 'socket.io';
import { AppError } from '../../platform/app-error.ts';
import { problemOf } from '../../platform/problems.plugin.ts';
import { groupIdsOfMany, publicGroupIdsOfMany } from '../groups/index.ts';
import type { EngineOptions } from './engine.ts';
import { admit } from './handshake.ts';
import { createBucket, MOST_SOCKETS, MOST_SOCKETS_OF_KEY } from './limits.ts';
import { allSince, dropOldMessages, missedSince, type Kept } from './message-log.repository.ts';
import type { BoundOperation, Connected } from './realtime-part.ts';
import { publicGroupRoom } from './realtime-hub.ts';
import { createReceive, type Operations } from './receive.ts';
import { createSeats, type Consumer, type Seat } from './seat.ts';

/** While ends are not heard of, the database is asked of all sessions this often. */
const SWEEP_IN_DOUBT = 500;
const SWEEP_MESSAGES = 60_000;

const CODES = new Set<string>([
  'password_changed',
  'role_changed',
  'left_school',
  'logged_out',
  'support_ended',
]);
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

/** Who sits where: the rooms of each socket, and the end of those whose right has ended. */
export function createSeating({
  io,
  services,
  places,
  presence,
  logger,
  parts,
}: EngineOptions & { io: Server }) {
  const { realtime, directory, sessions, tenancy } = services;
  const metrics = services.metrics.realtime;
  const seats = createSeats();
  const operations = new Map<string, Operations>();
  const onError = (error: unknown) => logger.error({ err: error }, 'realtime');

  for (const consumer of new Set(parts.map((part) => part.consumer?.name ?? 'portal')))
    operations.set(
      consumer,
      new Map(
        parts
          .filter((part) => (part.consumer?.name ?? 'portal') === consumer)
          .flatMap((part) => part.operations ?? [])
          .map((bound): [string, BoundOperation] => [bound.contract.op, bound]),
      ),
    );
  const operationsOf = ({ name }: Consumer): Operations => operations.get(name) ?? new Map();

  const connectedOf = (seat: Seat): Connected => ({
    socketId: seat.socket.id,
    get tenant() {
      return seat.tenant;
    },
    actor: seat.actor,
    join: (room) => void seat.socket.join(room),
    leave: (room) => void seat.socket.leave(room),
    send: (op, data) =>
      void seat.socket.emit('message', {
        id: randomUUID(),
        at: new Date().toISOString(),
        op,
        for_org: seat.tenant.id,
        data,
      } satisfies Delivered),
  });
  const receive = createReceive({ services, places, logger, connectedOf });

  const tooMany = ({ language }: Seat) => ({
    ok: false,
    error: problemOf(
      new AppError('too_many_requests', { details: { retry_after: 1 } }),
      language,
      randomUUID(),
    ),
  });

  function close(seat: Seat, code: CloseCode): void {
    if (seat.closed) return;
    seat.closed = code;
    metrics.closed(code);
    const { closed: told } = seat.tenant;
    const isClosed = code === 'tenant_inactive';
    seat.socket.emit('closing', {
      code,
      reason: isClosed ? told.reason : null,
      since: isClosed ? told.since : null,
    });
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
    if (seat.loggedOut || seat.closed) return;
    const ends = seat.actor.expiresAt;
    if (!ends) return;
    const wait = Math.min(Math.max(ends.getTime() - Date.now() + 50, 50), 2 ** 31 - 1);
    seat.timer = setTimeout(() => {
      // What is in memory does not say that another process has renewed it.
      if (seat.actor.type === 'user') sessions.forget(seat.actor.sessionId);
      void check(seat, 'session_expired');
    }, wait).unref();
  }

  /** Asks again by what right a socket is open, and closes it if by none. */
  async function check(seat: Seat, why: CloseCode): Promise<void> {
    if (seat.closed || seat.loggedOut) return;
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

  /** Rooms of groups, for sockets of one school: as the database says now. */
  async function seatGroups(tenantId: string, own: readonly Seat[]): Promise<Seat[]> {
    const members = own.filter(({ actor, loggedOut }) => actor.type === 'user' && !loggedOut);
    const [first] = members;
    if (!first) return [];
    const ids = [...new Set(members.map(({ actor }) => String(actor.id)))];
    const groups = await tenancy.read(first.tenant, ({ trx }) => groupIdsOfMany(trx, ids));
    const open = await tenancy.central(({ trx }) => publicGroupIdsOfMany(trx, tenantId, ids), {
      readOnly: true,
    });
    return members.filter((seat) => {
      if (seat.closed || seat.loggedOut) return false;
      const id = String(seat.actor.id);
      const rooms = new Set([
        ...(groups.get(id) ?? []).map((group) => realtimeGroupRoom({ id: tenantId }, group)),
        ...(open.get(id) ?? []).map(publicGroupRoom),
      ]);
      const left = [...seat.groupRooms].filter((room) => !rooms.has(room));
      const entered = [...rooms].filter((room) => !seat.groupRooms.has(room));
      for (const room of left) void seat.socket.leave(room);
      if (entered.length > 0) void seat.socket.join(entered);
      seat.groupRooms = rooms;
      return left.length + entered.length > 0;
    });
  }

  // Two changes at once are one more look after the first, not two at the same time that end in any order.
  const looking = new Map<string, { again: boolean }>();
  async function regroup(tenantId: string): Promise<void> {
    const under = looking.get(tenantId);
    if (under) return void (under.again = true);
    const turn = { again: false };
    looking.set(tenantId, turn);
    try {
      do {
        turn.again = false;
        const moved = await seatGroups(tenantId, seats.ofTenant(tenantId));
        for (const seat of moved) connectedOf(seat).send('groups.changed', {});
      } while (turn.again);
    } finally {
      looking.delete(tenantId);
    }
  }

  /** The school itself changed: open or closed, its modules, its colours. */
  async function changeTenant(tenantId: string): Promise<void> {
    await Promise.all(
      seats.ofTenant(tenantId).map(async (seat) => {
        const before = seat.tenant;
        await check(seat, 'session_ended');
        if (seat.closed || seat.loggedOut) return;
        const { theme, modulesEnabled } = seat.tenant;
        const { send } = connectedOf(seat);
        if (theme.value.version !== before.theme.value.version)
          send('theme.changed', { version: theme.value.version });
        if (JSON.stringify(modulesEnabled) !== JSON.stringify(before.modulesEnabled))
          send('modules.changed', { modules_enabled: { ...modulesEnabled } });
      }),
    );
  }

  function changed({ kind, id, why }: Change): void {
    if (kind === 'message') {
      const { room, ...message } = JSON.parse(id) as Kept;
      io.local.to(room).emit('message', message);
      metrics.heard(Date.now() - Date.parse(message.at));
    } else if (kind === 'session') {
      const own = seats.ofSession(id);
      if (own.length === 0) return;
      if (why !== undefined && CODES.has(why)) return own.forEach((seat) => end(seat, why as CloseCode));
      // The school may have ended it, whose own notice comes after this one.
      own.forEach(({ tenant }) => directory.forgetTenant(tenant.id));
      own.forEach((seat) => void check(seat, 'session_ended'));
    } else if (kind === 'tenant') changeTenant(id).catch(onError);
    else if (kind === 'groups') regroup(id).catch(onError);
    else if (kind === 'key')
      seats.all().forEach((seat) => {
        if (seat.actor.type === 'key') void check(seat, 'key_revoked');
      });
  }

  /** All sockets at once, in one question about their sessions. */
  async function sweep(): Promise<void> {
    const all = seats.all().filter(({ closed, loggedOut }) => !closed && !loggedOut);
    const members = all.filter(({ actor }) => actor.type === 'user');
    const standing = await sessions.standing([
      ...new Set(members.map(({ actor }) => (actor.type === 'user' ? actor.sessionId : ''))),
    ]);
    const gone = members.filter(({ actor }) => actor.type === 'user' && !standing.has(actor.sessionId));
    gone.forEach(({ tenant }) => directory.forgetTenant(tenant.id));
    const others = all.filter(({ actor }) => actor.type === 'key');
    await Promise.all([...gone, ...others].map((seat) => check(seat, 'session_ended')));
  }

  let heardAt = new Date();
  let sweeping: NodeJS.Timeout | undefined;
  const leave = realtime.listen({
    changed,
    gap() {
      const since = heardAt;
      void (async () => {
        await sweep();
        for (const id of new Set(seats.all().map(({ tenant }) => tenant.id))) {
          await changeTenant(id);
          await regroup(id);
        }
        const missed = await tenancy.central(({ trx }) => allSince(trx, since), { readOnly: true });
        for (const { room, ...message } of missed) io.local.to(room).emit('message', message);
      })().catch(onError);
    },
    doubt(doubtful) {
      clearInterval(sweeping);
      if (!doubtful) return;
      heardAt = new Date(Date.now() - 1_000);
      sweeping = setInterval(() => void sweep().catch(() => {}), SWEEP_IN_DOUBT);
      sweeping.unref();
    },
  });
  const dropping = setInterval(
    () => void tenancy.central(({ trx }) => dropOldMessages(trx)).catch(onError),
    SWEEP_MESSAGES,
  );

  /** Listens on a socket; what is said before it has entered its rooms is taken too. */
  function take(
    given: Pick<Seat, 'socket' | 'host' | 'headers' | 'ip' | 'language' | 'consumer' | 'actor' | 'tenant'>,
  ): Seat {
    const seat: Seat = {
      ...given,
      take: createBucket(),
      loggedOut: false,
      closed: null,
      timer: undefined,
      groupRooms: new Set(),
    };
    const { socket, actor, tenant, consumer } = seat;
    seats.add(seat);
    metrics.open.inc();
    if (actor.type === 'user') presence.came(tenant.id, actor.id);
    setTimer(seat);
    socket.on('disconnect', () => {
      if (!seats.remove(seat)) return;
      metrics.open.dec();
      if (actor.type === 'user') presence.went(tenant.id, actor.id);
      for (const part of consumer.parts) part.disconnect?.(connectedOf(seat)).catch(onError);
    });
    const known = operationsOf(consumer);
    socket.on('message', (message: unknown, acknowledge: unknown) => {
      const answer = typeof acknowledge === 'function' ? (acknowledge as (answer: unknown) => void) : null;
      const verdict = seat.take();
      metrics.received(verdict);
      if (verdict === 'close') return close(seat, 'too_many_messages');
      if (verdict === 'refuse') return answer?.(tooMany(seat));
      void receive(seat, known, message).then((told) => {
        if (!told.ok && told.error.code === 'not_authenticated' && !seat.loggedOut)
          void check(seat, 'session_ended');
        if (answer) answer(told);
        else if (!told.ok) socket.emit('problem', told.error);
      });
    });
    const own = seats.of(tenant.id, String(actor.id));
    const most = actor.type === 'key' ? MOST_SOCKETS_OF_KEY : MOST_SOCKETS;
    // The oldest makes room: it is the one whose tab was forgotten.
    if (own.length > most) own.slice(0, own.length - most).forEach((old) => close(old, 'too_many_sockets'));
    return seat;
  }

  /** Takes it into its rooms, tells it what it missed, and lets features know. */
  async function enter(
    seat: Seat,
    { after, doubtful }: { after: string | null; doubtful: boolean },
  ): Promise<void> {
    const { socket, actor, tenant, consumer } = seat;
    await socket.join([
      realtimeRoom(tenant),
      ...(actor.type === 'user' ? [realtimeUserRoom(tenant, actor.id)] : []),
    ]);
    const began = realtime.generation;
    await seatGroups(tenant.id, [seat]);
    if (realtime.generation !== began) await regroup(tenant.id);
    if (doubtful) await check(seat, 'session_ended');
    if (seat.closed) return;
    const { at, gap, messages } = await tenancy.central(
      ({ trx }) => missedSince(trx, [...socket.rooms], after),
      { readOnly: true },
    );
    socket.emit('welcome', { at, for_org: tenant.id, socket_id: socket.id, gap });
    for (const message of messages) socket.emit('message', message);
    socket.emit('ready', { at });
    await Promise.all(consumer.parts.map((part) => part.connect?.(connectedOf(seat))));
  }

  return {
    take,
    enter,
    close,
    start: (): void => void dropping.unref(),
    async closeAll(): Promise<void> {
      leave();
      clearInterval(sweeping);
      clearInterval(dropping);
      for (const seat of seats.all()) close(seat, 'server_restart');
    },
  };
}
