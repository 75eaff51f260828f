import type { Command } from 'commander';
import type { RunCommand } from '../define-feature.ts';

export function mailCommands(program: Command, run: RunCommand): void {
  const mails = program.command('mails').description('mail of the platform');
  mails
    .command('list')
    .description('the latest mails and what became of them')
    .option('--status <status>', 'queued, sent, kept or failed')
    .option('--json', 'print JSON')
    .action(({ status }: { status?: string }) =>
      run(async ({ mails: service }, print) => {
        const { rows } = await service.list({
          page_size: 100,
          ...(status ? { status: status as 'queued' } : {}),
        });
        print.table(
          ['when', 'to', 'kind', 'status', 'failure'],
          rows.map((row) => [
            row.created_at.toISOString(),
            row.recipient,
            row.kind,
            row.status,
            row.failure ?? '',
          ]),
          rows,
        );
      }),
    );
  mails
    .command('test <address>')
    .description('send a line at once, to see whether SMTP_URL works')
    .option('--json', 'print JSON')
    .action((address: string) =>
      run(async ({ mails: service }, print) => {
        await service.test(address);
        print.result({ sent: address }, `The server took a mail for ${address}.`);
      }),
    );
}
