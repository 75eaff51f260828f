import proxyAddress from '@fastify/proxy-addr';
import { createAdapter } from '@socket.io/redis-streams-adapter';
import type { Delivered } from '@preau/contracts/realtime';
import { REALTIME_PATH } from '@preau/contracts/realtime-vocabulary';
import type { Redis } from 'ioredis';
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { callbackify } from 'node:util';
import type { Logger } from 'pino';
import { Server, type Socket } from 'socket.io';
import { AppError } from '../../platform/app-error.ts';
import { problemOf, toAppError } from '../../platform/problems.plugin.ts';
import type { Services } from '../../services.ts';
import type { PlaceFinder } from '../../zones/place.ts';
import { admit, carriedBy, languageOf, refuseForeignPage, type Admitted } from './handshake.ts';
import type { Presence } from './presence.service.ts';
import type { RealtimePart } from './realtime-part.ts';
import { createSeating } from './seating.ts';
import type { Consumer } from './seat.ts';
import { readSinceNow } from './stream-line.ts';

/** A client that says hello and then nothing is let go after so long. */
const CONNECT_TIMEOUT = 5_000;
/** Bytes of a message from a client: a little more than the largest that is sent to one. */
const MOST_BYTES = 16_384;

/** Milliseconds before the end of a line is known in which what was said by it may have gone with it. */
const CUT_NOTICED = 1_000;

export interface EngineOptions {
  services: Services;
  places: PlaceFinder;
  presence: Presence;
  parts: readonly RealtimePart[];
  logger: Logger;
  trustProxy: readonly string[] | false;
  /** Carries what is sent to the sockets of all processes. */
  redis: Redis | null;
}

/** Sockets of this process, for whoever has to close it. */
export interface RealtimeEngine {
  /** Tells everybody that the server restarts, and closes their sockets. */
  close(): Promise<void>;
}

const DEFAULT = 'portal';

/** Parts by consumer: those that name none have to do with the sockets of the portal. */
function consumersOf(parts: readonly RealtimePart[]): ReadonlyMap<string, Consumer> {
  const named = Map.groupBy(parts, ({ consumer }) => consumer?.name ?? DEFAULT);
  if (!named.has(DEFAULT)) named.set(DEFAULT, []);
  return new Map(
    [...named].map(([name, own]) => [
      name,
      {
        name,
        staysWhenLoggedOut: own.some(({ consumer }) => consumer?.staysWhenLoggedOut === true),
        parts: own,
      },
    ]),
  );
}

/**
 * One engine for the sockets of all schools, on the listener of HTTP. WebSocket alone: long polling would need every request of a
 * client to reach the same process.
 *
 * The library's own recovery of connections is not used: it sends what was missed before it asks who comes back, and knows nothing
 * of sockets whose process was killed.
 */
export function attachRealtime(server: HttpServer, options: EngineOptions): RealtimeEngine {
  const { services, places, logger, trustProxy, redis } = options;
  const metrics = services.metrics.realtime;
  const consumers = consumersOf(options.parts);
  const trusted = proxyAddress.compile(trustProxy ? [...trustProxy] : []);
  const addressOf = (request: IncomingMessage): string | null =>
    (trustProxy ? proxyAddress(request, trusted) : request.socket.remoteAddress) ?? null;

  // No limit of time: the adapter waits in Redis for messages, and what ends early is an error that nobody catches.
  const line =
    redis?.duplicate({
      enableOfflineQueue: true,
      maxRetriesPerRequest: null,
      lazyConnect: false,
      commandTimeout: undefined,
    }) ?? null;
  line?.on('error', () => {});
  // Installations may share a Redis.
  const stream = `preau:realtime:${services.base.domain}`;
  const io = new Server(server, {
    path: REALTIME_PATH,
    transports: ['websocket'],
    serveClient: false,
    maxHttpBufferSize: MOST_BYTES,
    connectTimeout: CONNECT_TIMEOUT,
    pingInterval: 25_000,
    pingTimeout: 20_000,
    perMessageDeflate: false,
    httpCompression: false,
    ...(line
      ? { adapter: createAdapter(readSinceNow(line), { streamName: stream, channelPrefix: stream }) }
      : {}),
    // Before a socket is made: a page of another site, and a host that is no open school's.
    allowRequest(request, callback) {
      try {
        refuseForeignPage(request.headers);
        callback(null, true);
      } catch (error) {
        metrics.refused((error as AppError).code);
        callback((error as AppError).code, false);
      }
    },
  });
  const seating = createSeating({ ...options, io });

  const admitted = new WeakMap<Socket, Admitted & { consumer: Consumer; ip: string | null; began: number }>();
  io.use((socket, next) => {
    const { headers } = socket.request;
    const ip = addressOf(socket.request);
    const began = services.realtime.generation;
    async function decide(): Promise<void> {
      const consumer = consumers.get(String(socket.handshake.auth['consumer'] ?? DEFAULT));
      if (!consumer) throw new AppError('not_found');
      const who = await admit({ headers, host: String(headers.host), ip, isUse: false }, places, services);
      admitted.set(socket, { ...who, consumer, ip, began });
    }
    function refuse(thrown: Error): Error {
      const error = toAppError(thrown);
      if (error.code === 'internal_error') logger.error({ err: thrown }, 'a socket could not be opened');
      metrics.refused(error.code);
      return Object.assign(new Error(error.code), { data: problemOf(error, languageOf(headers), socket.id) });
    }
    callbackify(decide)((thrown) => (thrown ? next(refuse(thrown)) : next()));
  });

  io.on('connection', (socket) => {
    const known = admitted.get(socket);
    if (!known) {
      socket.disconnect(true);
      return;
    }
    admitted.delete(socket);
    const { headers } = socket.request;
    const { tenant, actor, consumer, ip, began } = known;
    const after: unknown = socket.handshake.auth['after'];
    const seat = seating.take({
      socket,
      host: String(headers.host),
      headers: carriedBy(headers),
      ip,
      language: languageOf(headers),
      consumer,
      actor,
      tenant,
    });
    // The request would be held as long as the socket; what is needed of it is kept.
    const raw = socket.conn as unknown as { request: unknown };
    raw.request = null;
    socket.handshake.headers = {};
    void seating
      .enter(seat, {
        after:
          typeof after === 'string' && !Number.isNaN(Date.parse(after))
            ? new Date(after).toISOString()
            : null,
        // Whatever ended between the question who it is and now has been heard of before there was a socket to close.
        doubtful: services.realtime.generation !== began,
      })
      .catch((error: unknown) => {
        logger.warn({ err: error }, 'a socket could not enter');
        seating.close(seat, 'server_restart');
      });
  });

  if (line) {
    // A Redis that crashed has lost what was said by it and not read here.
    let cut: Date | null = null;
    line.on('close', () => void (cut ??= new Date(Date.now() - CUT_NOTICED)));
    line.on('ready', () => {
      if (cut) seating.sayAgain(cut);
      cut = null;
    });
    services.realtime.carryBy(async (room: string, message: Delivered) => {
      if (line.status !== 'ready') return false;
      io.to(room).emit('message', message);
      // In one order on one line: what was added before this question is there with its answer.
      return Promise.race([
        line.ping().then(
          () => true,
          () => false,
        ),
        new Promise<false>((resolve) => setTimeout(resolve, 500, false).unref()),
      ]);
    });
  }
  options.presence.start();

  return {
    async close() {
      services.realtime.carryBy(null);
      seating.closeAll();
      await io.of('/').adapter.close();
      io.engine.close();
      line?.disconnect();
      await options.presence.close();
    },
  };
}
