import type { Command } from 'commander';
import { shell } from '../../config.ts';
import type { RunCommand } from '../define-feature.ts';
import { presentExplanation } from './explain.presenter.ts';

/** `preau explain HOST` */
export function explainCommands(program: Command, run: RunCommand): void {
  program
    .command('explain <host>')
    .description(
      'say which rule decides a request at an address; caches are those of this command, not of a server',
    )
    .option('--user <user>', 'id or e-mail address of who asks')
    .option('--module <key>', 'a module that is asked for')
    .option('--path <path>', 'a path below /api/v1')
    .option('--json', 'print JSON')
    .action((host: string, { user, module, path }: { user?: string; module?: string; path?: string }) =>
      run(async ({ explain }, print) => {
        const told = await explain.ask({ tenantId: null, host, user, module, path });
        const view = presentExplanation(told, shell().language);
        const marks = { passes: '✓', refuses: '✗', tells: '·' } as const;
        const { status, code } = view.outcome;
        print.result(
          view,
          [
            `${status}${code ? ` ${code}` : ''}`,
            ...view.steps.map(
              ({ rule, verdict, message }) => `${marks[verdict]} ${rule.padEnd(9)} ${message}`,
            ),
          ].join('\n'),
        );
      }),
    );
}
