import type { Command } from 'commander';
import { OPERATOR } from '../audit/index.ts';
import type { RunCommand } from '../define-feature.ts';

export function identityCommands(program: Command, run: RunCommand): void {
  const users = program.command('users').description('people');
  users
    .command('reset-password <email>')
    .description('give a person a new password, printed once; their sessions end')
    .option('--json', 'print JSON')
    .action((email: string) =>
      run(async ({ accountPasswords }, print) => {
        const password = await accountPasswords.giveNew(OPERATOR, email);
        print.result({ email, password }, `New password of ${email}: ${password}`);
      }),
    );
  users
    .command('sessions <email>')
    .description('where a person is logged in; with --end all of it ends at once')
    .option('--end', 'end them all')
    .option('--json', 'print JSON')
    .action((email: string, { end }: { end?: boolean }) =>
      run(async ({ accounts }, print) => {
        if (end) {
          const ended = await accounts.endAllOf(OPERATOR, email);
          print.result({ email, ended }, `${ended} sessions of ${email} have ended.`);
          return;
        }
        const rows = await accounts.sessionsOfEmail(email);
        print.table(
          ['school', 'since', 'last seen', 'address', 'browser'],
          rows.map((row) => [
            row.school_name ?? 'console',
            row.created_at.toISOString(),
            row.last_seen_at.toISOString(),
            row.ip ?? '',
            row.user_agent ?? '',
          ]),
          rows,
        );
      }),
    );
}
