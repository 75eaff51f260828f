interface Node {
  id: number;
  callFrame: { functionName: string; url: string; lineNumber: number };
  children?: number[];
}

export interface Profile {
  nodes: Node[];
  samples: number[];
  timeDeltas: number[];
}

/** Profiles the process whose inspector listens on this port while `work` runs. */
export async function recordProfile(port: number, work: () => Promise<unknown>): Promise<Profile> {
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

/** Microseconds: of its own, and with all it calls. */
export interface Time {
  own: number;
  total: number;
}

export interface Times {
  owners: Map<string, Time>;
  functions: Map<string, Time>;
}

/** Busy time of a profile by owner and by function. */
export function timesOf({ nodes, samples, timeDeltas }: Profile): Times {
  const own = new Map<number, number>();
  samples.forEach((node, at) => own.set(node, (own.get(node) ?? 0) + (timeDeltas[at] ?? 0)));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const times: Times = { owners: new Map(), functions: new Map() };
  const add = (sums: Map<string, Time>, key: string, ownTime: number, total: number): void => {
    const sum = sums.get(key) ?? { own: 0, total: 0 };
    sums.set(key, { own: sum.own + ownTime, total: sum.total + total });
  };
  // What is above counts a nested call already: of a recursion only the outermost call's total is added.
  const visit = (node: Node, caller: string, above: ReadonlySet<string>): number => {
    const { callFrame, children = [] } = node;
    const root = callFrame.functionName === '(root)';
    if (callFrame.functionName === '(idle)') return 0;
    const owner = ownerOf(callFrame, caller);
    const key = `${callFrame.functionName || '(anonymous)'}  ${placeOf(callFrame)}`;
    const ownTime = own.get(node.id) ?? 0;
    const inside = root ? above : new Set(above).add(key).add(owner);
    const below = children.reduce((sum, id) => sum + visit(byId.get(id) as Node, owner, inside), 0);
    if (!root) {
      add(times.functions, key, ownTime, above.has(key) ? 0 : ownTime + below);
      add(times.owners, owner, ownTime, above.has(owner) ? 0 : ownTime + below);
    }
    return ownTime + below;
  };
  visit(nodes[0] as Node, 'system', new Set());
  return times;
}
