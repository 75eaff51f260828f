import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { createServer } from 'vite';
import { ROOT } from './stage.ts';

// Vite on the address people use, the API behind it: both reload on their own.
const port = Number(process.env.PORT ?? 3000);
const apiPort = port + 1;
const target = `http://127.0.0.1:${apiPort}`;
const paths = ['/api', '/swagger', '/healthz', '/readyz', '/internal', '/media'];

const vite = await createServer({
  root: path.join(ROOT, 'apps/web'),
  server: {
    port,
    strictPort: true,
    host: process.env.HOST ?? '127.0.0.1',
    // The Host header passes through: it names the school.
    proxy: {
      '/api/v1/realtime/': { target, changeOrigin: false, ws: true },
      ...Object.fromEntries(paths.map((prefix) => [prefix, { target, changeOrigin: false }])),
    },
  },
});
await vite.listen();
process.stdout.write(`Web with hot reload: http://console.localhost:${port}\n`);

const api = spawn(
  process.execPath,
  ['--watch', '--watch-preserve-output', path.join(ROOT, 'scripts/serve-demo.ts')],
  {
    // Out of the terminal's reach: --watch passes signals on, and the server must hear of its end once.
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PORT: String(apiPort), PREAU_PUBLIC_PORT: String(port) },
  },
);

async function close(code: number): Promise<void> {
  await vite.close();
  process.exit(code);
}
api.on('exit', (code) => void close(code ?? 0));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => api.kill('SIGTERM'));
