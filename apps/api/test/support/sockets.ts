import type { Closing, Delivered, Welcome } from '@preau/contracts/realtime';
import { REALTIME_PATH } from '@preau/contracts/realtime-vocabulary';
import { io, type Socket } from 'socket.io-client';
import type { Client } from './clients.ts';

export interface OpenedSocket {
  socket: Socket;
  welcome: Welcome;
  /** All that was said on it, in order. */
  heard: Delivered[];
  /** The first message of an operation, said before or to be said. */
  hears(op: string): Promise<Delivered>;
  /** Why the server closes it, and when this was known here. */
  closing: Promise<Closing & { at: number }>;
  /** Sends a message for an organisation and waits for the acknowledgement. */
  ask(op: string, data: object, organisation?: string): Promise<any>;
  close(): void;
}

export interface Opening {
  after?: string;
  consumer?: string;
  headers?: Record<string, string>;
}

const PATIENCE = 5_000;
const opened = new Set<Socket>();

/** Ends the sockets that a test left open, which would keep the process alive. */
export function closeSockets(): void {
  opened.forEach((socket) => socket.disconnect());
  opened.clear();
}

const begin = (port: number, client: Pick<Client, 'host' | 'headers'>, { headers, ...auth }: Opening) => {
  const socket = io(`http://127.0.0.1:${port}`, {
    path: REALTIME_PATH,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    auth,
    extraHeaders: { host: client.host, ...client.headers, ...headers },
  });
  opened.add(socket);
  return socket;
};

/** A socket of somebody, open and in its rooms. Rejects with the refusal's code. */
export async function openSocket(
  port: number,
  client: Pick<Client, 'host' | 'headers'>,
  opening: Opening = {},
): Promise<OpenedSocket> {
  const socket = begin(port, client, opening);
  const heard: Delivered[] = [];
  const waiting = new Map<string, (message: Delivered) => void>();
  socket.on('message', (message: Delivered) => {
    heard.push(message);
    waiting.get(message.op)?.(message);
  });
  const closing = new Promise<Closing & { at: number }>((resolve) => {
    socket.on('closing', (told: Closing) => resolve({ ...told, at: performance.now() }));
  });
  const welcomed = new Promise<Welcome>((resolve) => socket.on('welcome', resolve));
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('no answer')), PATIENCE);
    const settle = (end: () => void) => () => {
      clearTimeout(late);
      end();
    };
    socket.on('ready', settle(resolve));
    socket.on('connect_error', (error) => {
      clearTimeout(late);
      reject(Object.assign(new Error(error.message), { data: (error as { data?: unknown }).data }));
    });
    socket.on(
      'disconnect',
      settle(() => reject(new Error('closed'))),
    );
  });
  return {
    socket,
    welcome: await welcomed,
    heard,
    closing,
    hears(op) {
      const known = heard.find((message) => message.op === op);
      if (known) return Promise.resolve(known);
      return new Promise((resolve) => waiting.set(op, resolve));
    },
    async ask(op, data, organisation) {
      const { for_org: own } = await welcomed;
      return socket.timeout(PATIENCE).emitWithAck('message', { op, for_org: organisation ?? own, data });
    },
    close: () => void socket.disconnect(),
  };
}
