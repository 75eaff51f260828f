import type { Closing, Delivered, EventName, EventData } from '@preau/contracts/realtime';
import { shallowRef, type ShallowRef } from 'vue';
import { nextTask, painted } from '../tasks.ts';

/** `off`: nobody is logged in, or the server will not have us. `lost`: it was open, and is tried again. */
export type LineState = 'off' | 'connecting' | 'open' | 'lost';

type Handler = (data: never, message: Delivered) => void;

/** State of the line, and whoever waits for messages: what is there before the socket's own code has come. */
export interface Line {
  readonly state: ShallowRef<LineState>;
  readonly handlers: Map<string, Set<Handler>>;
  readonly resyncs: Set<() => void>;
}

export const line: Line = { state: shallowRef<LineState>('off'), handlers: new Map(), resyncs: new Set() };

export interface LineOptions {
  /** The server closes the socket for good, and says why. */
  onClosing(closing: Closing): void;
  /** The server would not open it: a code of the table of errors. */
  onRefused(code: string): void;
}

interface Connection {
  ask(op: string, data: object): Promise<unknown>;
  close(): void;
}

let connection: Connection | undefined;
let wanted = 0;

/** Opens the line of whoever is logged in; the library comes now, and not before. */
export async function startRealtime(options: LineOptions): Promise<void> {
  const turn = (wanted += 1);
  connection?.close();
  line.state.value = 'connecting';
  // After the page, which waits for nothing of it.
  await painted();
  const { connect } = await import('./connection.ts');
  await nextTask();
  // Logged out again while it came.
  if (turn !== wanted) return;
  connection = connect(line, options);
}

export function stopRealtime(): void {
  wanted += 1;
  connection?.close();
  connection = undefined;
  line.state.value = 'off';
}

/** Calls back at each message of an operation. @returns how to stop. */
export function onMessage<Name extends EventName>(
  op: Name,
  handler: (data: EventData<Name>, message: Delivered) => void,
): () => void {
  const known = line.handlers.get(op) ?? new Set();
  line.handlers.set(op, known.add(handler));
  return () => known.delete(handler);
}

/** Calls back when messages may have been missed for good: whatever is shown is to be asked again. */
export function onResync(handler: () => void): () => void {
  line.resyncs.add(handler);
  return () => line.resyncs.delete(handler);
}

/** Asks for an operation of the school. Rejects while the line is not open, and with the problem that is answered. */
export function askLine(op: string, data: object): Promise<unknown> {
  return connection ? connection.ask(op, data) : Promise.reject(new Error('The line is not open'));
}
