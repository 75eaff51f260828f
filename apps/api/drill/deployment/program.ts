import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { bareEnvironment } from '@preau/testkit/bare-environment';
import type { Endings } from '../../bench/endings.ts';

/** A process of the chain. */
export interface Program {
  pid: number;
  /** Sends a signal; resolves when the process is gone. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

interface ProgramOptions {
  command: readonly string[];
  environment?: Record<string, string>;
  /** Asked again and again until it is true. */
  ready: () => Promise<boolean>;
  endings: Endings;
}

const READY_WITHIN = 60_000;
const END_WITHIN = 30_000;

/** Starts a program and waits until it is ready. It gets PATH, HOME and what is named here. Rejects with what it printed. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const { command, environment = {}, ready, endings } = options;
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    env: bareEnvironment({ PATH: `${process.env['PATH']}:/usr/sbin`, ...environment }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed = (printed + chunk.toString()).slice(-6_000)));
  child.on('error', (error: NodeJS.ErrnoException) => {
    printed += error.code === 'ENOENT' ? `${program} is not installed` : error.message;
  });
  endings.add(() => end(child, 'SIGTERM'));
  for (const deadline = Date.now() + READY_WITHIN; !(await ready().catch(() => false)); await delay(50)) {
    if (child.exitCode !== null || child.pid === undefined)
      throw new Error(`${command.join(' ')} ended:\n${printed}`);
    if (Date.now() > deadline) throw new Error(`${command.join(' ')} does not get ready:\n${printed}`);
  }
  return { pid: child.pid ?? 0, end: (signal) => end(child, signal) };
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  const impatience = setTimeout(() => child.kill('SIGKILL'), END_WITHIN);
  await gone;
  clearTimeout(impatience);
}
