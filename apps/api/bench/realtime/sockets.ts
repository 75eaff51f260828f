import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { bareEnvironment } from '@preau/testkit/bare-environment';
import type { Endings } from '../endings.ts';
import { onCpus, OTHER_CPUS } from '../processes.ts';
import type { Counts, Opening, Order, Said } from './socket-messages.ts';

export interface Closed {
  key: string;
  code: string;
  /** On the monotonic clock. */
  at: number;
}

/** Sockets that another process holds open. */
export interface Sockets {
  /** @returns how long it took, in milliseconds; rejects when one was not opened. */
  open(sockets: readonly Opening[], atOnce: number): Promise<number>;
  /** To be called before it is sent. @returns the moments at which so many heard it. */
  hear(mark: string, times: number): Promise<number[]>;
  counts(): Promise<Counts>;
  /** Sockets that were closed, as they are; by whomever. */
  readonly closed: readonly Closed[];
  onClosed(listener: (closed: Closed) => void): void;
}

const PATIENCE = 20_000;

/** Starts a process for sockets, on the processors that the servers do not use. */
export async function startSockets(endings: Endings): Promise<Sockets> {
  const script = fileURLToPath(new URL('./sockets-process.ts', import.meta.url));
  const [program = '', ...args] = onCpus(OTHER_CPUS, [process.execPath, script]);
  const child = spawn(program, args, {
    env: bareEnvironment(),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await once(child, 'spawn');
  endings.add(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  });
  const order = (what: Order): void => void child.send(what);
  const closed: Closed[] = [];
  const listeners: ((closed: Closed) => void)[] = [];
  const hearing = new Map<string, (at: number[]) => void>();
  const opening: ((said: Extract<Said, { opened: number }>) => void)[] = [];
  const counting: ((counts: Counts) => void)[] = [];
  child.on('message', (said: Said) => {
    if ('heard' in said) hearing.get(said.heard)?.(said.at);
    else if ('closed' in said) {
      const one = { key: said.closed, code: said.code, at: said.at };
      closed.push(one);
      listeners.forEach((listener) => listener(one));
    } else if ('opened' in said) opening.shift()?.(said);
    else counting.shift()?.(said.counts);
  });
  return {
    closed,
    onClosed: (listener) => void listeners.push(listener),
    async open(sockets, atOnce) {
      const { failed, milliseconds } = await new Promise<Extract<Said, { opened: number }>>((resolve) => {
        opening.push(resolve);
        order({ do: 'open', sockets: [...sockets], atOnce });
      });
      if (failed.length > 0) throw new Error(`${failed.length} sockets were not opened: ${failed[0]}`);
      return milliseconds;
    },
    hear: (mark, times) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`A message was not heard by ${times}`)), PATIENCE);
        hearing.set(mark, (at) => {
          clearTimeout(late);
          hearing.delete(mark);
          resolve(at);
        });
        order({ do: 'expect', mark, times });
      }),
    counts: () =>
      new Promise((resolve) => {
        counting.push(resolve);
        order({ do: 'count' });
      }),
  };
}
