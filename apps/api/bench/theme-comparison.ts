import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ask } from './ask.ts';
import type { Comparison, PeerOptions } from './compare.ts';
import type { Installation } from './installation.ts';
import { startServer } from './processes.ts';
import type { School } from './school.ts';

const THEME_PATH = '/api/v1/current-tenant/theme/';
// Node writes these itself, for the peer as for the product.
const OF_NODE = new Set(['date', 'connection', 'keep-alive', 'content-length']);

/** The theme that every page of a school begins with, against the same bytes sent by Fastify alone. */
export async function themeComparison(
  { server, folder, endings }: Installation,
  school: School,
  peerOptions: PeerOptions = {},
): Promise<Comparison> {
  // Capital: wrk would add a second Host to another spelling, and Node refuses two.
  const headers = { Host: school.host };
  const answer = await ask(server.url + THEME_PATH, { headers });
  const copied = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !OF_NODE.has(name)));
  const file = path.join(folder, 'theme.json');
  fs.writeFileSync(file, JSON.stringify({ path: THEME_PATH, headers: copied, body: answer.body }));
  const peer = await startServer({
    script: fileURLToPath(new URL('./bare-theme.ts', import.meta.url)),
    readyPath: THEME_PATH,
    environment: { BENCH_ANSWER: file },
    endings,
    ...peerOptions,
  });
  return { name: 'theme', path: THEME_PATH, headers, connections: 64, product: server, peer, goal: 0.8 };
}
