import { Argument, Option, type Command } from 'commander';
import {
  SIGNUP_POLICIES,
  SIGNUP_STATUSES,
  type SignupPolicy,
  type SignupStatus,
} from '@preau/contracts/vocabulary';
import { given } from '../../cli/given.ts';
import { OPERATOR } from '../audit/index.ts';
import { CommandFailure } from '../../platform/command-failure.ts';
import type { RunCommand } from '../define-feature.ts';
import { finishJob } from '../jobs/index.ts';
import { presentRequest } from './signup.presenter.ts';

const PAGE_SIZE = 100;

/** `preau signups list|approve|refuse|policy` */
export function signupCommands(program: Command, run: RunCommand): void {
  const signups = program.command('signups').description('requests for schools: list, approve, refuse');

  signups
    .command('list')
    .description('requests for schools, those that wait first')
    .addOption(new Option('--status <status>', 'only these').choices([...SIGNUP_STATUSES]))
    .option('--search <text>', 'in name, e-mail and subdomain')
    .option('--json', 'print JSON')
    .action(({ status, search }: { status?: SignupStatus; search?: string }) =>
      run(async ({ signupDecisions }, print) => {
        const rows = [];
        for (let page = 1, count = 1; (page - 1) * PAGE_SIZE < count; page += 1) {
          const found = await signupDecisions.list({
            ...given({ status, search }),
            page,
            page_size: PAGE_SIZE,
          });
          count = found.count;
          rows.push(...found.rows);
        }
        print.table(
          ['id', 'status', 'school', 'subdomain', 'asked by', 'handed in'],
          rows.map((row) => [
            row.id,
            row.status,
            row.school_name,
            row.subdomain ?? '',
            `${row.full_name} <${row.email}>`,
            row.submitted_at?.toISOString() ?? '',
          ]),
          rows.map(presentRequest),
        );
      }),
    );

  signups
    .command('approve <id>')
    .description('grant a request: the school is made and the requester told')
    .option('--subdomain <label>', 'another address than the one asked for')
    .option('--json', 'print JSON')
    .action((id: string, { subdomain }: { subdomain?: string }) =>
      run(async (services, print) => {
        const { signupDecisions } = services;
        const { jobId } = await signupDecisions.approve(OPERATOR, id, given({ subdomain }));
        const { failure } = await finishJob(services, jobId, () => {});
        if (failure) throw new CommandFailure(1, failure.reason);
        const row = await signupDecisions.get(id);
        print.result(presentRequest(row), `${row.school_name}: open, as ${row.subdomain}`);
      }),
    );

  signups
    .command('refuse <id>')
    .description('refuse a request; the reason is mailed to the requester')
    .requiredOption('--reason <text>', 'what the requester is told')
    .option('--json', 'print JSON')
    .action((id: string, { reason }: { reason: string }) =>
      run(async ({ signupDecisions }, print) => {
        const row = await signupDecisions.refuse(OPERATOR, id, reason);
        print.result(presentRequest(row), `${row.school_name}: refused`);
      }),
    );

  signups
    .command('policy')
    .addArgument(new Argument('[policy]', 'who grants requests').choices([...SIGNUP_POLICIES]))
    .description('say who grants requests, or choose it: closed, approval (a super-admin), automatic')
    .option('--json', 'print JSON')
    .action((policy: SignupPolicy | undefined) =>
      run(async ({ signupDecisions }, print) => {
        const settings = policy
          ? await signupDecisions.updateSettings(OPERATOR, { policy })
          : await signupDecisions.settings();
        print.result(settings, settings.policy);
      }),
    );
}
