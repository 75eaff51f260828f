import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Ended {
  /** Null when it was killed. */
  code: number | null;
  /** The run it said it had begun; null when it found nothing to do or did not come so far. */
  run: string | null;
  /** Schools that it said were migrated. */
  migrated: string[];
  complaints: string;
}

/** Runs a migrator as a process of its own. `killAfter`: SIGKILL once it has told of so many schools. */
export async function runMigrator(url: string, more: number, killAfter?: number): Promise<Ended> {
  const script = fileURLToPath(new URL('./migrate-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, url, String(more)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const ended: Ended = { code: null, run: null, migrated: [], complaints: '' };
  child.stderr.on('data', (chunk: Buffer) => (ended.complaints += chunk.toString()));
  let told = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const said = JSON.parse(line) as { run?: string; schema?: string; outcome?: string };
    if (said.run) ended.run = said.run;
    else told += 1;
    if (said.schema && said.outcome === 'migrated') ended.migrated.push(said.schema);
    if (killAfter !== undefined && told >= killAfter) child.kill('SIGKILL');
  });
  [ended.code] = await closed;
  return ended;
}
