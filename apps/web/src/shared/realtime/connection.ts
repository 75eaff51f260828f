import type { Closing, Delivered, Welcome } from '@preau/contracts/realtime';
import type { Problem } from '@preau/contracts/fields';
import { REALTIME_PATH, type CloseCode } from '@preau/contracts/realtime-vocabulary';
import { io } from 'socket.io-client';
import { ProblemError } from '../problem.ts';
import type { Line, LineOptions } from './line.ts';

/** Milliseconds until another attempt, at least and at most: a whole school does not come back at once. */
const SOONEST = 500;
const LATEST = 20_000;
const PATIENCE = 10_000;
/** Messages whose repetition after a cut is noticed. */
const REMEMBERED = 500;

const COMES_BACK = new Set<CloseCode>(['server_restart']);
/** Refusals that another attempt may not meet. */
const PASSING = new Set(['service_unavailable', 'internal_error', 'tenant_busy', 'too_many_requests']);

type Answer = { ok: true; data: unknown } | { ok: false; error: Problem };

/** A socket to the school's own address, opened again whenever it is cut. */
export function connect(line: Line, { onClosing, onRefused }: LineOptions) {
  let after: string | undefined;
  let organisation = '';
  let ready = false;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ended = false;
  const seen = new Set<string>();

  const socket = io({
    path: REALTIME_PATH,
    transports: ['websocket'],
    // Ours: the library would try again where the server has said that there is no use.
    reconnection: false,
    autoConnect: false,
    auth: (give) => give(after === undefined ? {} : { after }),
  });

  function tryAgain(): void {
    if (ended) return;
    if (line.state.value === 'open') line.state.value = 'lost';
    const longest = Math.min(LATEST, SOONEST * 2 ** failures);
    failures += 1;
    clearTimeout(timer);
    timer = setTimeout(() => socket.connect(), SOONEST + Math.random() * longest);
  }

  function stop(): void {
    ended = true;
    clearTimeout(timer);
    removeEventListener('online', now);
    document.removeEventListener('visibilitychange', now);
    socket.disconnect();
    line.state.value = 'off';
  }

  /** There is a network again, or somebody looks: no reason to wait any longer. */
  function now(): void {
    if (ended || socket.connected || document.hidden) return;
    clearTimeout(timer);
    socket.connect();
  }

  function deliver(message: Delivered): void {
    if (seen.has(message.id)) return;
    seen.add(message.id);
    if (seen.size > REMEMBERED)
      for (const first of seen) {
        seen.delete(first);
        break;
      }
    // Before all that was missed has come, the moment of a new message would hide it from the next attempt.
    if (ready) after = message.at;
    line.handlers.get(message.op)?.forEach((handler) => handler(message.data as never, message));
  }

  socket.on('welcome', ({ for_org: own, gap }: Welcome) => {
    organisation = own;
    if (gap) line.resyncs.forEach((resync) => resync());
  });
  socket.on('message', deliver);
  socket.on('ready', ({ at }: { at: string }) => {
    after = at;
    ready = true;
    failures = 0;
    line.state.value = 'open';
  });
  socket.on('closing', (closing: Closing) => {
    if (COMES_BACK.has(closing.code)) return;
    stop();
    onClosing(closing);
  });
  socket.on('disconnect', () => {
    ready = false;
    tryAgain();
  });
  socket.on('connect_error', (error: Error & { data?: Problem }) => {
    const code = error.data?.code;
    if (code === undefined || PASSING.has(code)) return tryAgain();
    stop();
    onRefused(code);
  });
  addEventListener('online', now);
  document.addEventListener('visibilitychange', now);
  socket.connect();

  return {
    async ask(op: string, data: object): Promise<unknown> {
      const message = { op, for_org: organisation, data };
      const answer = (await socket.timeout(PATIENCE).emitWithAck('message', message)) as Answer;
      if (!answer.ok) throw new ProblemError(answer.error, null);
      return answer.data;
    },
    close: stop,
  };
}
