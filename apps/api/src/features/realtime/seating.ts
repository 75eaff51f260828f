import { EVENTS, type EventContract } from '@preau/contracts/realtime';
import type { CloseCode } from '@preau/contracts/realtime-vocabulary';
import { realtimeRoom, realtimeUserRoom, type Change } from '@preau/tenancy';
import { randomUUID } from 'node:crypto';
import type { Server } from 'socket.io';
import { AppError } from '../../platform/app-error.ts';
import { problemOf } from '../../platform/problems.plugin.ts';
import { connectedOf } from './connected.ts';
import { createEnding } from './ending.ts';
import type { EngineOptions } from './engine.ts';
import { createGroupRooms } from './group-rooms.ts';
import { createBucket, MOST_SOCKETS, MOST_SOCKETS_OF_KEY } from './limits.ts';
import { allSince, dropOldMessages, missedSince, type Kept } from './message-log.repository.ts';
import { createReceive, operationsOf, type Acknowledgement } from './receive.ts';
import { createSeats, type Seat } from './seat.ts';

/** While ends are not heard of, the database is asked of all sessions this often. */
const SWEEP_IN_DOUBT = 500;
const DROP_MESSAGES = 60_000;

/** Ends of sessions that say why themselves. */
const TOLD = new Set<string>([
  'password_changed',
  'role_changed',
  'left_school',
  'logged_out',
  'support_ended',
]);

/** What is of a module that was switched off meanwhile is told to nobody who comes back. */
const isOn = (op: string, { modulesEnabled }: Seat['tenant']): boolean => {
  const { module } = (EVENTS as Record<string, EventContract>)[op] ?? {};
  return module === undefined || modulesEnabled[module] === true;
};

const tooMany = ({ language }: Seat): Acknowledgement => ({
  ok: false,
  error: problemOf(
    new AppError('too_many_requests', { details: { retry_after: 1 } }),
    language,
    randomUUID(),
  ),
});

/** Who sits where, from the moment a socket is let in to its end. */
export function createSeating(options: EngineOptions & { io: Server }) {
  const { io, services, presence } = options;
  const { realtime, directory, tenancy } = services;
  const metrics = services.metrics.realtime;
  const seats = createSeats();
  const { seatGroups, regroup } = createGroupRooms({ tenancy, seats });
  const { close, end, setTimer, check, checkAll, changeTenant, onError } = createEnding({
    ...options,
    seats,
  });
  const receive = createReceive(options);

  const deliver = ({ room, ...message }: Kept): void => void io.local.to(room).emit('message', message);

  function changed({ kind, id, why }: Change): void {
    if (kind === 'message') {
      const message = JSON.parse(id) as Kept;
      deliver(message);
      metrics.heard(Date.now() - Date.parse(message.at));
    } else if (kind === 'session') {
      const own = seats.ofSession(id);
      if (why !== undefined && TOLD.has(why)) return own.forEach((seat) => end(seat, why as CloseCode));
      // The school may have ended it, whose own notice comes after this one.
      own.forEach(({ tenant }) => directory.forgetTenant(tenant.id));
      own.forEach((seat) => void check(seat, 'session_ended'));
    } else if (kind === 'tenant') changeTenant(id).catch(onError);
    else if (kind === 'groups') regroup(id).catch(onError);
    else if (kind === 'key') {
      for (const seat of seats.all()) if (seat.actor.type === 'key') void check(seat, 'key_revoked');
    }
  }

  /** What was put down since then, to whoever is here: they know by its id what they had. */
  async function sayAgain(since: Date): Promise<void> {
    const missed = await tenancy.central(({ trx }) => allSince(trx, since), { readOnly: true });
    missed.forEach(deliver);
  }

  /** After a time in which nothing was heard. */
  async function catchUp(since: Date): Promise<void> {
    await checkAll(seats.all());
    for (const id of new Set(seats.all().map(({ tenant }) => tenant.id))) {
      await changeTenant(id);
      await regroup(id);
    }
    await sayAgain(since);
  }

  let heardAt = new Date();
  let sweeping: NodeJS.Timeout | undefined;
  const leave = realtime.listen({
    changed,
    gap: () => void catchUp(heardAt).catch(onError),
    doubt(doubtful) {
      clearInterval(sweeping);
      if (!doubtful) return;
      heardAt = new Date(Date.now() - 1_000);
      sweeping = setInterval(() => void checkAll(seats.all()).catch(() => {}), SWEEP_IN_DOUBT);
      sweeping.unref();
    },
  });
  const dropping = setInterval(
    () => void tenancy.central(({ trx }) => dropOldMessages(trx)).catch(onError),
    DROP_MESSAGES,
  );
  dropping.unref();

  async function answer(seat: Seat, message: unknown, acknowledge: unknown): Promise<void> {
    const tell = typeof acknowledge === 'function' ? (acknowledge as (told: Acknowledgement) => void) : null;
    const verdict = seat.take();
    metrics.received(verdict);
    if (verdict === 'close') return close(seat, 'too_many_messages');
    if (verdict === 'refuse') return tell?.(tooMany(seat));
    const told = await receive(seat, operationsOf(seat.consumer), message);
    if (!told.ok && told.error.code === 'not_authenticated') void check(seat, 'session_ended');
    if (tell) tell(told);
    else if (!told.ok) seat.socket.emit('problem', told.error);
  }

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
    socket.on('message', (message: unknown, acknowledge: unknown) => {
      answer(seat, message, acknowledge).catch(onError);
    });
    const own = seats.of(tenant.id, actor.id);
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
    for (const message of messages) if (isOn(message.op, seat.tenant)) socket.emit('message', message);
    socket.emit('ready', { at });
    for (const part of consumer.parts) await part.connect?.(connectedOf(seat));
  }

  return {
    take,
    enter,
    close,
    sayAgain: (since: Date): void => void sayAgain(since).catch(onError),
    closeAll(): void {
      leave();
      clearInterval(sweeping);
      clearInterval(dropping);
      for (const seat of seats.all()) close(seat, 'server_restart');
    },
  };
}
