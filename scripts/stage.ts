import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';

/** Root of the repository. */
export const ROOT = path.resolve(import.meta.dirname, '..');

export interface StageResult {
  ok: boolean;
  seconds: number;
  /** What it printed; empty when it printed to the terminal itself. */
  output: string;
}

/** Command that runs a program of node_modules/.bin. */
export function tool(name: string, ...args: string[]): string[] {
  const suffix = process.platform === 'win32' ? '.cmd' : '';
  return [path.join(ROOT, 'node_modules', '.bin', name + suffix), ...args];
}

/** Command that runs a script of this folder on the Node that runs us. */
export function script(name: string, ...args: string[]): string[] {
  return [process.execPath, path.join(ROOT, 'scripts', name), ...args];
}

/** Runs a command in the repository's root. Never rejects: a program that is missing is a failed stage. */
export function runStage(
  command: string[],
  options: { quiet?: boolean; env?: NodeJS.ProcessEnv } = {},
): Promise<StageResult> {
  const began = performance.now();
  const [program = '', ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      stdio: options.quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      env: { ...process.env, ...options.env },
      shell: program.endsWith('.cmd'),
    });
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
    const finish = (ok: boolean, extra = ''): void =>
      resolve({
        ok,
        seconds: (performance.now() - began) / 1000,
        output: Buffer.concat(chunks).toString() + extra,
      });
    child.on('error', (error) => finish(false, error.message));
    child.on('close', (code) => finish(code === 0));
  });
}

/** `3.4 s`, right-aligned for a column. */
export function formatSeconds(seconds: number): string {
  return `${seconds.toFixed(1)} s`.padStart(8);
}
