import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { bareEnvironment } from '@preau/testkit/bare-environment';
import { ask } from '../bench/ask.ts';
import type { Endings } from '../bench/endings.ts';
import { freePort } from '@preau/testkit/free-port';

/** A process of the product that can be killed. */
export interface Victim {
  /** Of its HTTP listener. */
  url: string;
  pid: number;
  /** SIGKILL, as the kernel does it when memory is short; resolves when it is gone. */
  kill(): Promise<void>;
}

export interface VictimOptions {
  /** Below apps/api. */
  script: string;
  environment: Record<string, string>;
  endings: Endings;
}

const READY_WITHIN = 60_000;

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** Starts a server script and waits until it is ready. It gets PORT, and only what is named here of our environment. */
export async function startVictim({ script, environment, endings }: VictimOptions): Promise<Victim> {
  const port = await freePort();
  const path = fileURLToPath(new URL(`../${script}`, import.meta.url));
  const env = bareEnvironment({ PORT: String(port), ...environment });
  const child = spawn(process.execPath, [path], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let complaints = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-4_000);
  });
  await once(child, 'spawn');
  endings.add(() => kill(child));
  const url = `http://127.0.0.1:${port}`;
  for (const deadline = Date.now() + READY_WITHIN; ; await delay(25)) {
    if (child.exitCode !== null) throw new Error(`A server ended before it answered:\n${complaints}`);
    const answer = await ask(`${url}/readyz`).catch(() => undefined);
    if (answer?.status === 200) break;
    if (Date.now() > deadline) throw new Error(`A server does not get ready: ${answer?.body}\n${complaints}`);
  }
  return { url, pid: child.pid ?? 0, kill: () => kill(child) };
}
