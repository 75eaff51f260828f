import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface, type Interface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { bareEnvironment } from '@preau/testkit/bare-environment';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const SESSION = fileURLToPath(new URL('./command-session.ts', import.meta.url));

export interface Ran {
  code: number | null;
  out: string;
  err: string;
  /** Standard output, one JSON document a line. What a command printed is for the test to say. */
  lines(): any[];
}

export interface Command {
  /** Runs one command in a process that stays for the next. */
  (...args: string[]): Promise<Ran>;
  /** Runs one command as people do: a process of its own, in another environment if told. */
  process(args: readonly string[], environment?: Record<string, string>): Promise<Ran>;
  close(): Promise<void>;
}

const parsed = (out: string): unknown[] =>
  out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);

/** The real `preau` command on a database. */
export function preauOn(url: string): Command {
  const dataDir = mkdtempSync(join(tmpdir(), 'preau-test-cli-'));
  const start = (script: string, args: readonly string[], more: Record<string, string> = {}): ChildProcess =>
    spawn(process.execPath, [script, ...args], {
      // Nothing of the environment of the tests: what a command reads must be given.
      env: bareEnvironment({ LANG: 'C', DATABASE_URL: url, PREAU_DATA_DIR: dataDir, ...more }),
      stdio: ['pipe', 'pipe', 'pipe'],
      // Away from any data folder of the repository.
      cwd: dataDir,
    });

  let session: { child: ChildProcess; answers: Interface } | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const ask = async (args: readonly string[]): Promise<Ran> => {
    if (!session) {
      const child = start(SESSION, []);
      session = { child, answers: createInterface({ input: child.stdout as NodeJS.ReadableStream }) };
    }
    const { child, answers } = session;
    const answered = Promise.race([
      once(answers, 'line'),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`The session ended with ${code}`))),
    ]);
    child.stdin?.write(`${JSON.stringify(args)}\n`);
    const [line] = (await answered) as [string];
    const ran = JSON.parse(line) as Omit<Ran, 'lines'>;
    return { ...ran, lines: () => parsed(ran.out) };
  };

  const run = (...args: string[]): Promise<Ran> => {
    const mine = last.then(() => ask(args));
    last = mine.catch(() => {});
    return mine;
  };
  return Object.assign(run, {
    async process(args: readonly string[], environment?: Record<string, string>): Promise<Ran> {
      const child = start(CLI, args, environment);
      child.stdin?.end();
      const [out, err, [code]] = await Promise.all([
        text(child.stdout as NodeJS.ReadableStream),
        text(child.stderr as NodeJS.ReadableStream),
        once(child, 'close') as Promise<[number | null]>,
      ]);
      return { code, out, err, lines: () => parsed(out) };
    },
    async close() {
      await last;
      if (session) {
        const gone = once(session.child, 'exit');
        session.child.stdin?.end();
        await gone;
      }
      rmSync(dataDir, { recursive: true, force: true });
    },
  });
}
