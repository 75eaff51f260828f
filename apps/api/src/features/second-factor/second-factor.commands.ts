import type { Command } from 'commander';
import { OPERATOR } from '../audit/index.ts';
import type { RunCommand } from '../define-feature.ts';

export function secondFactorCommands(program: Command, run: RunCommand): void {
  const users = program.commands.find((command) => command.name() === 'users') ?? program.command('users');
  users
    .command('second-factor')
    .description('second factors of people')
    .command('reset')
    .description('take away a person’s second factor, passkeys and recovery codes; their sessions end')
    .requiredOption('--email <email>', 'whose')
    .option('--json', 'print JSON')
    .action(({ email }: { email: string }) =>
      run(async ({ secondFactor }, print) => {
        const done = await secondFactor.reset(OPERATOR, email);
        print.result(
          { email, ...done },
          `The second factor of ${email} is gone; ${done.ended} sessions ended.`,
        );
      }),
    );
}
