import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';

export interface CountingLine {
  /** The database's address through the line. */
  url: string;
  /** Statements that have reached the database so far: simple ones, and executions of prepared ones. */
  statements(): number;
  close(): void;
}

const QUERY = 'Q'.charCodeAt(0);
const EXECUTE = 'E'.charCodeAt(0);
const LENGTH = 4;

/** Counts in what a client says: messages of a type and a length, after a first one that has no type. */
function countMessages(count: () => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  let begun = false;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const head = begun ? 1 : 0;
      if (rest.length < head + LENGTH) return;
      const size = head + rest.readInt32BE(head);
      if (rest.length < size) return;
      if (begun && (rest[0] === QUERY || rest[0] === EXECUTE)) count();
      begun = true;
      rest = rest.subarray(size);
    }
  };
}

/** A line to a database on which everything that is asked of it is counted. For connections without TLS. */
export async function countingLine(url: string): Promise<CountingLine> {
  const target = new URL(url);
  let statements = 0;
  const sockets = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const upstream = net.connect(Number(target.port), target.hostname);
    const read = countMessages(() => (statements += 1));
    client.on('data', read);
    client.pipe(upstream);
    upstream.pipe(client);
    for (const [end, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(end);
      end.on('error', () => {});
      end.on('close', () => {
        sockets.delete(end);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String((server.address() as AddressInfo).port);
  return {
    url: through.href,
    statements: () => statements,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
