import type { Closing, Delivered } from '@preau/contracts/realtime';
import { REALTIME_PATH } from '@preau/contracts/realtime-vocabulary';
import { io, type Socket } from 'socket.io-client';
import { monotonic } from './clock.ts';
import { schoolOfMark } from './mark.ts';
import type { Opening, Order, Said } from './socket-messages.ts';

/** Holds many sockets, and reports to its parent what they hear: in a process of its own, so that nothing else delays it. */

const PATIENCE = 30_000;
const sockets = new Map<string, Socket>();
// A message may come before the word that it is awaited.
const awaited = new Map<string, { times: number; moments: number[] }>();
let astray = 0;
const say = (said: Said): void => void process.send?.(said);

function waitingFor(mark: string): { times: number; moments: number[] } {
  let waiting = awaited.get(mark);
  if (!waiting) awaited.set(mark, (waiting = { times: Infinity, moments: [] }));
  return waiting;
}

function tell(mark: string): void {
  const { times, moments } = waitingFor(mark);
  if (moments.length < times) return;
  awaited.delete(mark);
  say({ heard: mark, at: moments });
}

function hear(school: number, seen: Set<string>, { id, op, data }: Delivered): void {
  const at = monotonic();
  // What comes again, by the other way, is known by its id.
  if (seen.has(id)) return;
  seen.add(id);
  const mark = data['id'];
  if (op !== 'events.changed' || typeof mark !== 'string') return;
  if (schoolOfMark(mark) !== school) astray += 1;
  const { moments } = waitingFor(mark);
  moments.push(at);
  tell(mark);
}

function open({ key, url, school, headers, auth }: Opening): Promise<string | null> {
  const socket = io(url, {
    path: REALTIME_PATH,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    timeout: PATIENCE,
    auth,
    extraHeaders: headers,
  });
  const seen = new Set<string>();
  let code = 'transport';
  socket.on('message', (message: Delivered) => hear(school, seen, message));
  socket.on('closing', (closing: Closing) => (code = closing.code));
  socket.on('disconnect', () => {
    if (sockets.delete(key)) say({ closed: key, code, at: monotonic() });
  });
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(`${key}: no answer`), PATIENCE);
    const settle = (failure: string | null): void => {
      clearTimeout(late);
      resolve(failure);
    };
    socket.on('connect_error', (error) => settle(`${key}: ${error.message}`));
    socket.on('ready', () => {
      sockets.set(key, socket);
      settle(null);
    });
  });
}

async function openAll(openings: readonly Opening[], atOnce: number): Promise<void> {
  const failed: string[] = [];
  const began = monotonic();
  let next = 0;
  const work = async (): Promise<void> => {
    for (let opening = openings[next++]; opening; opening = openings[next++]) {
      const failure = await open(opening);
      if (failure) failed.push(failure);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  say({ opened: openings.length - failed.length, milliseconds: monotonic() - began, failed });
}

process.on('message', (order: Order) => {
  if (order.do === 'open') void openAll(order.sockets, order.atOnce);
  else if (order.do === 'expect') {
    waitingFor(order.mark).times = order.times;
    tell(order.mark);
  } else say({ counts: { connected: sockets.size, astray } });
});
process.on('disconnect', () => process.exit(0));
