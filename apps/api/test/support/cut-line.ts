import { once } from 'node:events';
import net from 'node:net';

export interface CutLine {
  /** The database's address through the line. */
  url: string;
  /** Drops every connection and takes no new one, as a database that went away. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  close(): Promise<void>;
}

/** A line to a database that can be cut and mended: the database itself, and its other users, notice nothing. */
export async function cutLine(url: string): Promise<CutLine> {
  const target = new URL(url);
  const sockets = new Set<net.Socket>();
  let server = net.createServer();
  const accept = (socket: net.Socket): void => {
    const upstream = net.connect(Number(target.port), target.hostname);
    for (const [end, other] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      sockets.add(end);
      end.on('error', () => {});
      end.on('close', () => {
        sockets.delete(end);
        // What was reset on one side would look alive on the other for ever.
        other.destroySoon();
      });
    }
    socket.pipe(upstream).pipe(socket);
  };
  const listen = async (port: number): Promise<number> => {
    server = net.createServer(accept).listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as net.AddressInfo).port;
  };
  const port = await listen(0);
  const cut = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const through = new URL(url);
  through.port = String(port);
  return { url: through.href, cut, mend: async () => void (await listen(port)), close: cut };
}
