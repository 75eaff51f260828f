import type { Delivered, Welcome } from '@preau/contracts/realtime';
import { REALTIME_PATH } from '@preau/contracts/realtime-vocabulary';
import { io, type Socket } from 'socket.io-client';
import { schoolOfMark } from '../../bench/realtime/mark.ts';
import { say } from './say.ts';

/** Milliseconds for an acknowledgement, and to be let in. */
const PATIENCE = 5_000;

export interface MemberOptions {
  /** Number of the school. */
  school: number;
  organisation: string;
  headers: Record<string, string>;
  /** Where to, this time. */
  url(): string;
  /** Milliseconds until another attempt. */
  pause(): number;
}

/** Somebody at a school with a page open, as the documentation says that programs should do it. */
export interface Member {
  readonly school: number;
  readonly ready: boolean;
  /** How often each was heard by what the program is for: what comes again by the same id is not. */
  readonly heard: ReadonlyMap<string, number>;
  readonly counts: { opened: number; replayed: number; again: number; gaps: number; astray: number };
  /** Codes with which the server refused or closed for good. */
  readonly refusals: string[];
  /** @returns whether it was acknowledged. */
  say(id: string): Promise<boolean>;
  /** Cuts the line, and comes back. */
  move(): void;
  leave(): void;
}

export function createMember({ school, organisation, headers, url, pause }: MemberOptions): Member {
  const heard = new Map<string, number>();
  const seen = new Set<string>();
  const counts = { opened: 0, replayed: 0, again: 0, gaps: 0, astray: 0 };
  const refusals: string[] = [];
  let socket: Socket;
  let ready = false;
  let left = false;
  let after: string | undefined;

  function hear({ id, at, op, data }: Delivered): void {
    if (op !== 'events.changed') return;
    if (seen.has(id)) {
      counts.again += 1;
      return;
    }
    seen.add(id);
    // Before all that was missed has come, the moment of a new one would hide it from the next attempt.
    if (ready) after = at;
    else counts.replayed += 1;
    const mark = String(data['id']);
    if (schoolOfMark(mark) !== school) counts.astray += 1;
    heard.set(mark, (heard.get(mark) ?? 0) + 1);
  }

  function comeBack(attempt: Socket): void {
    attempt.removeAllListeners();
    ready = false;
    if (!left) setTimeout(open, pause());
  }

  function open(): void {
    if (left) return;
    const attempt = io(url(), {
      path: REALTIME_PATH,
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      timeout: PATIENCE,
      auth: after === undefined ? {} : { after },
      extraHeaders: headers,
    });
    socket = attempt;
    attempt.on('welcome', ({ gap }: Welcome) => {
      counts.opened += 1;
      if (gap) counts.gaps += 1;
    });
    attempt.on('message', hear);
    attempt.on('ready', ({ at }: { at: string }) => {
      after = at;
      ready = true;
    });
    attempt.on('closing', ({ code }: { code: string }) => void refusals.push(code));
    attempt.on('connect_error', (error: Error & { data?: { code?: string } }) => {
      if (error.data?.code) refusals.push(error.data.code);
      attempt.disconnect();
      comeBack(attempt);
    });
    attempt.on('disconnect', () => comeBack(attempt));
  }
  open();

  return {
    school,
    heard,
    counts,
    refusals,
    get ready() {
      return ready;
    },
    async say(id) {
      try {
        const message = { op: say.op, for_org: organisation, data: { id } };
        return (await socket.timeout(PATIENCE).emitWithAck('message', message)).ok === true;
      } catch {
        return false;
      }
    },
    move() {
      // One that is being opened would not say that it ends.
      if (ready) socket.disconnect();
    },
    leave() {
      left = true;
      socket.disconnect();
    },
  };
}
