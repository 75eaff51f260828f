import fs from 'node:fs';
import path from 'node:path';
import { createEndings } from './endings.ts';
import { install } from './installation.ts';
import { findLoadGenerator } from './load.ts';
import { LIST_PATH, publish } from './measure-list.ts';
import { THEME_PATH } from './measure-theme.ts';
import { freePort } from './processes.ts';
import { openSchool } from './school.ts';
import { formatCells } from './table.ts';

/**
 * Where the product's processor time goes: `node apps/api/bench/profile.ts [theme|list] [seconds]`. Prints the functions
 * with the most time of their own, and keeps the profile for a viewer (`.cache/profiles/`).
 */

interface Node {
  id: number;
  callFrame: { functionName: string; url: string; lineNumber: number };
  children?: number[];
}

interface Profile {
  nodes: Node[];
  samples: number[];
  timeDeltas: number[];
}

const SHOWN = 45;

/** Profiles the process whose inspector listens on this port while `work` runs. */
async function profile(port: number, work: () => Promise<unknown>): Promise<Profile> {
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as {
    webSocketDebuggerUrl: string;
  }[];
  const socket = new WebSocket(targets[0]?.webSocketDebuggerUrl ?? '');
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', reject, { once: true });
  });
  let id = 0;
  const call = (method: string, params = {}): Promise<{ profile: Profile }> => {
    const own = (id += 1);
    return new Promise((resolve, reject) => {
      const listen = ({ data }: MessageEvent): void => {
        const message = JSON.parse(String(data)) as {
          id?: number;
          result: { profile: Profile };
          error?: { message: string };
        };
        if (message.id !== own) return;
        socket.removeEventListener('message', listen);
        if (message.error) reject(new Error(message.error.message));
        else resolve(message.result);
      };
      socket.addEventListener('message', listen);
      socket.send(JSON.stringify({ id: own, method, params }));
    });
  };
  await call('Profiler.enable');
  await call('Profiler.setSamplingInterval', { interval: 200 });
  await call('Profiler.start');
  await work();
  const { profile: result } = await call('Profiler.stop');
  socket.close();
  return result;
}

const placeOf = ({ url, lineNumber }: Node['callFrame']): string => {
  const file = url
    .replace(/^file:\/\//, '')
    .replace(/^.*\/node_modules\//, '')
    .replace(/^.*\/(apps|packages)\//, '$1/');
  return file ? `${file}:${lineNumber + 1}` : '';
};

/** Whose code a frame is: a package, a folder of ours, or Node; what has no file counts for its caller. */
function ownerOf({ url }: Node['callFrame'], caller: string): string {
  if (!url) return caller;
  if (url.startsWith('node:')) return 'node';
  const inPackage = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  return inPackage ?? /\/((?:apps|packages)\/[^/]+)\//.exec(url)?.[1] ?? 'other';
}

interface Share {
  self: number;
  total: number;
}

function table(title: string, shares: ReadonlyMap<string, Share>, busy: number): string {
  const percent = (value: number): string => `${((value / busy) * 100).toFixed(1)} %`;
  const rows = [...shares]
    .filter(([key]) => !key.startsWith('(root)') && !key.startsWith('(idle)'))
    .toSorted(([, a], [, b]) => b.self - a.self)
    .slice(0, SHOWN)
    .map(([key, { self, total }]) => [percent(self), percent(total), key]);
  return formatCells([['own', 'with calls', title], ...rows], [0, 1]);
}

/** Shares of the busy time: by owner, and by function. */
function sharesOf({ nodes, samples, timeDeltas }: Profile): string {
  const own = new Map<number, number>();
  samples.forEach((node, at) => own.set(node, (own.get(node) ?? 0) + (timeDeltas[at] ?? 0)));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const owners = new Map<string, Share>();
  const functions = new Map<string, Share>();
  const add = (shares: Map<string, Share>, key: string, self: number, total: number): void => {
    const share = shares.get(key) ?? { self: 0, total: 0 };
    shares.set(key, { self: share.self + self, total: share.total + total });
  };
  // What is above counts a nested call already: of a recursion only the outermost call's total is added.
  const visit = (node: Node, caller: string, above: ReadonlySet<string>): number => {
    const { callFrame } = node;
    const owner = ownerOf(callFrame, caller);
    const key = `${callFrame.functionName || '(anonymous)'}  ${placeOf(callFrame)}`;
    const self = own.get(node.id) ?? 0;
    const inside = new Set(above).add(key).add(owner);
    const total = (node.children ?? []).reduce(
      (sum, id) => sum + visit(byId.get(id) as Node, owner, inside),
      self,
    );
    add(functions, key, self, above.has(key) ? 0 : total);
    if (callFrame.functionName !== '(idle)') add(owners, owner, self, above.has(owner) ? 0 : total);
    return total;
  };
  const all = visit(nodes[0] as Node, 'system', new Set());
  const busy = all - (functions.get('(idle)  ')?.self ?? 0);
  return `${table('owner', owners, busy)}\n\n${table('function', functions, busy)}`;
}

const [what = 'theme', seconds = '5'] = process.argv.slice(2);
const endings = createEndings();
process.once('SIGINT', () => void endings.run().then(() => process.exit(130)));
try {
  const inspector = await freePort();
  const installation = await install({ endings, nodeOptions: [`--inspect=127.0.0.1:${inspector}`] });
  const school = await openSchool(installation, 'bench');
  if (what === 'list') await publish(installation, school);
  const load = findLoadGenerator();
  const url = installation.server.url + (what === 'list' ? LIST_PATH : THEME_PATH);
  const headers = { Host: school.host, Cookie: school.cookie };
  const fire = (duration: number) =>
    load.fire({ url, headers, connections: what === 'list' ? 16 : 64, seconds: duration });
  await fire(4);
  const result = await profile(inspector, () => fire(Number(seconds)));
  const file = path.join(import.meta.dirname, '../../../.cache/profiles', `${what}.cpuprofile`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, JSON.stringify(result));
  process.stdout.write(`${sharesOf(result)}\n\nProfile in .cache/profiles/${what}.cpuprofile\n`);
} finally {
  await endings.run();
}
