import { createServer } from 'node:http';
import { REALTIME_PATH } from '@preau/contracts/realtime-vocabulary';
import pg from 'pg';
import { Server } from 'socket.io';

/** Peer of messages to an organisation: socket.io as it comes, which says in a room what a notice of PostgreSQL tells it. */

const { DATABASE_URL = '', PORT } = process.env;
const http = createServer((_request, response) => response.end('ready'));
const io = new Server(http, {
  path: REALTIME_PATH,
  transports: ['websocket'],
  serveClient: false,
  perMessageDeflate: false,
});
io.on('connection', async (socket) => {
  await socket.join(String(socket.handshake.auth['room']));
  socket.emit('ready');
});
const client = new pg.Client({ connectionString: DATABASE_URL });
await client.connect();
client.on('notification', ({ payload = '' }) => {
  const { room, message } = JSON.parse(payload);
  io.to(room).emit('message', message);
});
await client.query('LISTEN bench_bare');
http.listen(Number(PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
