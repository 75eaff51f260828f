import type { Command } from 'commander';
import { serveUntilTold } from '../server.ts';

/** `preau serve`: the product, as the README's command runs it but without demo data. */
export function serveCommand(program: Command): void {
  program
    .command('serve')
    .description('answer requests until told to end: API, application and sockets on one port')
    .action(() => serveUntilTold());
}
