import process from 'node:process';
import { launchPostgres } from '../src/index.ts';

// One user of a data folder as a process of its own: prints what it got, leaves when told, can be killed.
const dataDir = process.argv[2];
if (!dataDir) throw new Error('usage: hold-server.ts <data folder>');
const server = await launchPostgres({ dataDir, durable: false });
process.stdout.write(`${JSON.stringify(server)}\n`);
process.stdin.on('data', async () => {
  await server.stop();
  process.exit(0);
});
