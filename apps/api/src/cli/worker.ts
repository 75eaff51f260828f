import type { Command } from 'commander';
import { loadConfig } from '../config.ts';
import { workUntilTold } from '../worker.ts';

/** `preau worker`: background jobs in a process of their own. */
export function workerCommand(program: Command): void {
  program
    .command('worker')
    .description('run background jobs until told to end; for servers with PREAU_JOBS=0, or beside them')
    .action(() => workUntilTold(loadConfig()));
}
