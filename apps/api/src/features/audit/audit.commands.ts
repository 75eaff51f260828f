import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { AuditFilters, type AuditVerdict } from '@preau/contracts/audit';
import { given } from '../../cli/given.ts';
import { fieldError } from '../../platform/app-error.ts';
import { CommandFailure } from '../../platform/command-failure.ts';
import { validateText } from '../../platform/validation.ts';
import { keepAuditText } from '../../database/audit-keeper.ts';
import type { Services } from '../../services.ts';
import type { Printer, RunCommand } from '../define-feature.ts';
import { csvOf, presentAuditRow } from './audit.presenter.ts';
import type { AuditQuery, AuditSubject } from './audit.read-model.ts';
import type { Head } from './chain.read-model.ts';
import { OPERATOR } from './origin.ts';

interface Filters {
  tenant?: string;
  actor?: string;
  action?: string;
  since?: string;
  until?: string;
  search?: string;
}

/** `platform`, or a school by its id, subdomain or domain. */
async function subjectOf({ tenants }: Services, name: string | undefined): Promise<AuditSubject> {
  if (name === undefined) return 'all';
  return name === 'platform' ? 'platform' : { tenantId: await tenants.identify(name) };
}

async function queryOf(services: Services, options: Filters): Promise<AuditQuery> {
  const { tenant, actor, action, since, until, search } = options;
  const filters = validateText(AuditFilters, given({ actor, action, since, until, search }));
  return { subject: await subjectOf(services, tenant), ...filters };
}

/** Ends that were put down elsewhere, as `preau audit heads --json` prints them: one JSON object a line. */
function readHeads(file: string): Head[] {
  const heads = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Partial<Head>);
  if (!heads.every(({ chain, position, hash }) => chain && Number.isInteger(position) && hash !== undefined))
    throw fieldError('heads', 'format', { format: 'preau audit heads --json' });
  return heads as Head[];
}

function printVerdict(print: Printer, verdict: AuditVerdict): void {
  if (print.forPeople && verdict.problems.length > 0)
    print.table(
      ['school', 'what', 'row', 'position', 'action', 'at'],
      verdict.problems.map(({ tenant_id, kind, seq, position, until, action, at }) => [
        tenant_id ?? 'platform',
        kind,
        seq === null ? '' : String(seq),
        until === undefined ? String(position ?? '') : `${position}–${until}`,
        action ?? '',
        at ?? '',
      ]),
      [],
    );
  const { holds, rows, chains } = verdict;
  print.result(
    verdict,
    `${rows} rows in ${chains} chains: ${holds ? 'as they were written.' : 'NOT as they were written.'}`,
  );
}

const withFilters = (command: Command): Command =>
  command
    .option('--tenant <name>', 'a school by id, subdomain or domain; or platform')
    .option('--actor <who>', 'id, e-mail address or name')
    .option('--action <action>', 'tenant.create, or tenant for all of them')
    .option('--since <time>', 'ISO 8601 with offset')
    .option('--until <time>', 'ISO 8601 with offset')
    .option('--search <text>', 'in who did it and what it was done to');

export function auditCommands(program: Command, run: RunCommand): void {
  const audit = program.command('audit').description('the audit trail');
  withFilters(audit.command('list').description('what was done, newest first'))
    .option('--limit <n>', 'rows at most', '50')
    .option('--json', 'print JSON')
    .action((options: Filters & { limit: string }) =>
      run(async (services, print) => {
        const limit = Number(options.limit);
        if (!Number.isInteger(limit) || limit < 1 || limit > 10_000)
          throw fieldError('limit', 'maximum', { limit: 10_000 });
        const { rows } = await services.audit.page(await queryOf(services, options), { cursor: null, limit });
        print.table(
          ['row', 'at', 'school', 'who', 'action', 'target'],
          rows.map((row) => [
            row.seq,
            row.at.toISOString(),
            row.tenant_name ?? row.tenant_id ?? '',
            row.grant_id ? `${row.actor_label} (let in by ${row.grantor_label})` : row.actor_label,
            row.action,
            row.target_id ?? '',
          ]),
          rows.map(presentAuditRow),
        );
      }),
    );
  withFilters(
    audit.command('export').description('the same as CSV, all of it; put down in the trail'),
  ).action((options: Filters) =>
    run(async (services, print) => {
      const query = await queryOf(services, options);
      const tenantId = typeof query.subject === 'string' ? null : query.subject.tenantId;
      let first = true;
      for await (const rows of services.audit.export(OPERATOR, tenantId, query)) {
        print.text(csvOf(rows, first));
        first = false;
      }
    }),
  );
  audit
    .command('verify')
    .description('reckon the chains anew; exits with 1 when a row was changed, taken away or put in')
    .option('--tenant <name>', 'a school by id, subdomain or domain; or platform')
    .option('--heads <file>', 'ends that were noted elsewhere: see audit heads')
    .option('--json', 'print JSON')
    .action((options: { tenant?: string; heads?: string }) =>
      run(async (services, print) => {
        const subject = await subjectOf(services, options.tenant);
        const verdict = await services.audit.verify(
          subject === 'all' ? undefined : subject === 'platform' ? null : subject.tenantId,
          options.heads ? readHeads(options.heads) : [],
        );
        printVerdict(print, verdict);
        if (!verdict.holds) throw new CommandFailure(1, 'The audit trail is not as it was written');
      }),
    );
  audit
    .command('heads')
    .description('where each chain ends, to be kept out of reach of the database')
    .option('--json', 'print JSON')
    .action(() =>
      run(async (services, print) => {
        const heads = await services.audit.heads();
        print.table(
          ['chain', 'position', 'hash'],
          heads.map(({ chain, position, hash }) => [chain, String(position), hash]),
          heads,
        );
      }),
    );
  audit
    .command('owner')
    .description('print what a superuser runs so that the application does not own its own trail')
    .action(() =>
      run(async ({ tenancy }, print) => {
        const { rows } = await tenancy.central(
          ({ trx }) => trx.raw('SELECT quote_ident(current_user) AS name'),
          {
            readOnly: true,
          },
        );
        print.text(`BEGIN;\n${keepAuditText(String(rows[0]?.name))};\nCOMMIT;\n`);
      }),
    );
}
