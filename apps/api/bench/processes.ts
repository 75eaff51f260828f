import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { bareEnvironment } from '@preau/testkit/bare-environment';
import { freePort } from '@preau/testkit/free-port';
import { ask } from './ask.ts';
import type { Endings } from './endings.ts';

/**
 * Linux's program that ties a process to processors. Without it the kernel places them, and figures vary more: so it does in the
 * short form, which runs beside other tests and would wait for one processor while another is idle.
 */
const taskset =
  !process.argv.includes('--short') &&
  os.availableParallelism() > 1 &&
  spawnSync('taskset', ['--version'], { stdio: 'ignore' }).status === 0;

/** The measured server alone on the first processor; load and database on the others. */
export const SERVER_CPUS = '0';
export const OTHER_CPUS = os.cpus().length > 2 ? `1-${os.cpus().length - 1}` : '1';
export const pinned = taskset;

export const onCpus = (cpus: string, command: readonly string[]): string[] =>
  taskset ? ['taskset', '-c', cpus, ...command] : [...command];

/** Moves a running process, and so its children to come. */
export function movePid(pid: number, cpus: string): void {
  if (taskset) execFileSync('taskset', ['-cp', cpus, String(pid)], { stdio: 'ignore' });
}

/** From now on this process, and what it starts, runs where nobody else wants to: what runs already goes first. */
export const giveWay = (): void => os.setPriority(os.constants.priority.PRIORITY_LOW);

export interface ServerProcess {
  url: string;
  pid: number;
  /** Seconds of processor time so far; NaN where the system does not tell. */
  cpuSeconds(): number;
}

export interface StartOptions {
  script: string;
  /** Path that answers 200 once it is ready. */
  readyPath: string;
  environment: Record<string, string>;
  /** File descriptor for its standard output; thrown away unless told. */
  stdout?: number;
  endings: Endings;
  /** Options of Node itself, before the script. */
  nodeOptions?: readonly string[];
}

const READY_WITHIN = 60_000;
const END_WITHIN = 20_000;
// USER_HZ: 100 on every Linux that Node runs on.
const TICKS = 100;

function cpuSecondsOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  } catch {
    return Number.NaN;
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), END_WITHIN);
  await ended;
  clearTimeout(impatience);
}

/** Starts a server script on the measured processor and waits until it answers. It gets PORT, and only what is named here of our environment. */
export async function startServer(options: StartOptions): Promise<ServerProcess> {
  const { script, readyPath, environment, stdout = 'ignore', endings, nodeOptions = [] } = options;
  const port = await freePort();
  const [program = '', ...args] = onCpus(SERVER_CPUS, [process.execPath, ...nodeOptions, script]);
  const env = bareEnvironment({ PORT: String(port), ...environment });
  const child = spawn(program, args, { env, stdio: ['ignore', stdout, 'pipe'] });
  let complaints = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-4_000);
  });
  await once(child, 'spawn');
  endings.add(() => end(child));
  const url = `http://127.0.0.1:${port}`;
  for (const deadline = Date.now() + READY_WITHIN; ; await delay(50)) {
    if (child.exitCode !== null) throw new Error(`A server ended before it answered:\n${complaints}`);
    const answer = await ask(url + readyPath).catch(() => undefined);
    if (answer?.status === 200) break;
    if (Date.now() > deadline)
      throw new Error(`A server does not get ready: ${answer?.status ?? 'no answer'}\n${complaints}`);
  }
  const pid = child.pid ?? 0;
  return { url, pid, cpuSeconds: () => cpuSecondsOf(pid) };
}
