import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { OTHER_CPUS, onCpus } from './processes.ts';

export interface Load {
  url: string;
  headers: Record<string, string>;
  /** Asked in turn, instead of the one in `headers`. */
  hosts?: readonly string[];
  connections: number;
  seconds: number;
}

export interface LoadResult {
  requests: number;
  perSecond: number;
  /** Answers that were no success, and connections that broke. */
  bad: number;
}

/** A program that sends requests, on processors away from the server's. */
export interface LoadGenerator {
  /** Name and version. */
  name: string;
  fire(load: Load): Promise<LoadResult>;
}

const run = promisify(execFile);
const headerWords = (headers: Record<string, string>): string[] =>
  Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
const numberAfter = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0);

async function output(command: string[], seconds: number): Promise<string> {
  const [program = '', ...args] = onCpus(OTHER_CPUS, command);
  const { stdout } = await run(program, args, { timeout: (seconds + 30) * 1_000 });
  return stdout;
}

/** Reads wrk's report. Throws for one without a rate. */
export function readWrk(text: string): LoadResult {
  const errors =
    /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text)?.slice(1) ?? [];
  const perSecond = numberAfter(text, /Requests\/sec:\s+([\d.]+)/);
  if (!perSecond) throw new Error(`wrk measured nothing:\n${text}`);
  const refused = numberAfter(text, /Non-2xx or 3xx responses: (\d+)/);
  return {
    requests: numberAfter(text, /(\d+) requests in/),
    perSecond,
    bad: errors.reduce((sum, count) => sum + Number(count), refused),
  };
}

/** The requests are made once, so that their number is all that differs. */
async function hostsScript(hosts: readonly string[]): Promise<{ file: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'preau-wrk-'));
  const file = path.join(folder, 'hosts.lua');
  await writeFile(
    file,
    `local hosts = {${hosts.map((host) => `"${host}"`).join(',')}}
local requests, at = {}, 0
init = function(args)
  for i, host in ipairs(hosts) do
    wrk.headers["Host"] = host
    requests[i] = wrk.format()
  end
end
request = function()
  at = at % #requests + 1
  return requests[at]
end
`,
  );
  return { file, remove: () => rm(folder, { recursive: true, force: true }) };
}

const wrk = (version: string): LoadGenerator => ({
  name: `wrk ${version}`,
  async fire({ url, headers, hosts, connections, seconds }) {
    const script = hosts ? await hostsScript(hosts) : undefined;
    const words = [...(script ? ['-s', script.file] : []), ...headerWords(headers)];
    try {
      return readWrk(
        await output(['wrk', '-t1', `-c${connections}`, `-d${seconds}s`, ...words, url], seconds),
      );
    } finally {
      await script?.remove();
    }
  },
});

interface CannonReport {
  requests: { total: number };
  duration: number;
  non2xx: number;
  errors: number;
}

const CANNON_OF_HOSTS = fileURLToPath(new URL('./cannon-of-hosts.ts', import.meta.url));

/** Part of the packages, so always there; slower than wrk, so that on very fast answers it is what is measured. */
const autocannon = (): LoadGenerator => {
  const require = createRequire(import.meta.url);
  const { version } = require('autocannon/package.json') as { version: string };
  return {
    name: `autocannon ${version}`,
    async fire({ url, headers, hosts, connections, seconds }) {
      const program = hosts ? CANNON_OF_HOSTS : require.resolve('autocannon/autocannon.js');
      const words = hosts
        ? [JSON.stringify({ url, connections, duration: seconds, hosts })]
        : ['-j', '-c', String(connections), '-d', String(seconds), ...headerWords(headers), url];
      const report = JSON.parse(await output([process.execPath, program, ...words], seconds)) as CannonReport;
      const requests = report.requests.total;
      return { requests, perSecond: requests / report.duration, bad: report.non2xx + report.errors };
    },
  };
};

/** wrk where it is installed, else autocannon. */
export function findLoadGenerator(): LoadGenerator {
  // It prints its version with its usage, and exits 1.
  const { stdout, error } = spawnSync('wrk', ['--version'], { encoding: 'utf8' });
  if (error) return autocannon();
  return wrk(/wrk\s+(?:debian\/)?([\d.]+)/.exec(stdout)?.[1] ?? 'of unknown version');
}
