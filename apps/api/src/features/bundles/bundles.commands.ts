import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { RESTORE_MODES, type RestoreMode } from '@preau/contracts/vocabulary';
import { CommandFailure } from '../../platform/command-failure.ts';
import { fieldError } from '../../platform/app-error.ts';
import type { Services } from '../../services.ts';
import { OPERATOR } from '../audit/index.ts';
import type { Printer, RunCommand } from '../define-feature.ts';
import { finishJob } from '../jobs/index.ts';
import { presentBundle } from './bundle.presenter.ts';

const JSON_OPTION = ['--json', 'print JSON'] as const;

/** Sees a job to its end, here or wherever a worker has it; fails with the job. */
async function finish(services: Services, print: Printer, jobId: string): Promise<unknown> {
  const bar = print.progress();
  try {
    const job = await finishJob(services, jobId, (progress, step) => bar.show(step ?? 'waiting', progress));
    if (job.status !== 'done')
      throw new CommandFailure(
        1,
        `The job has ${job.status}: ${job.failure?.reason ?? ''} (preau jobs show ${jobId})`,
      );
    return job.result;
  } finally {
    bar.end();
  }
}

const show = (text: string | null | undefined, otherwise = '—'): string => text ?? otherwise;
const megabytes = (bytes: number | null): string => (bytes === null ? '—' : `${(bytes / 1e6).toFixed(1)} MB`);

/** `preau backup …`, `preau clone`, `preau export`, `preau import-bundle`. */
export function bundleCommands(program: Command, run: RunCommand): void {
  const backup = program
    .command('backup')
    .description('archives of schools: create, list, verify, restore, drill');

  backup
    .command('create <school>')
    .description('archive a school, its rows and its files')
    .option(...JSON_OPTION)
    .action((school: string) =>
      run(async (services, print) => {
        const id = await services.tenants.identify(school);
        const { job_id, bundle_id } = await services.bundles.make(OPERATOR, id);
        await finish(services, print, job_id);
        const bundle = presentBundle(await services.bundles.get(bundle_id));
        print.result(
          bundle,
          `${bundle.id}: ${bundle.rows} rows, ${bundle.files} files, ${megabytes(bundle.bytes)}`,
        );
      }),
    );

  backup
    .command('list [school]')
    .description('archives, latest first; those of erased schools too')
    .option('--erased', 'only of schools that are there no more')
    .option('--limit <n>', 'how many', '50')
    .option(...JSON_OPTION)
    .action((school: string | undefined, options: { erased?: boolean; limit: string }) =>
      run(async (services, print) => {
        const { rows } = await services.bundles.list({
          ...(school === undefined ? {} : { tenantId: await services.tenants.identify(school) }),
          ...(options.erased ? { erased: true } : {}),
          page_size: Math.min(1_000, Number.parseInt(options.limit, 10) || 50),
        });
        const found = rows.map(presentBundle);
        print.table(
          [
            'id',
            'school',
            'kind',
            'why',
            'status',
            'size',
            'rows',
            'files',
            'created',
            'drilled',
            'kept until',
          ],
          found.map((bundle) => [
            bundle.id,
            `${bundle.school.subdomain}${bundle.school.exists ? '' : ' (erased)'}`,
            bundle.kind,
            bundle.cause,
            bundle.status,
            megabytes(bundle.bytes),
            bundle.rows ?? '—',
            bundle.files ?? '—',
            bundle.created_at,
            show(bundle.drilled_at),
            show(bundle.keep_until, 'removed'),
          ]),
          found,
        );
      }),
    );

  const proof = (name: 'verify' | 'drill', description: string) =>
    backup
      .command(`${name} <id>`)
      .description(description)
      .option(...JSON_OPTION)
      .action((id: string) =>
        run(async (services, print) => {
          const { tenant_id } = await services.bundles.get(id);
          const { job_id } = await services.bundles.verify(OPERATOR, id, tenant_id, name === 'drill');
          const report = await finish(services, print, job_id);
          print.result(
            report,
            `${id}: ${name === 'drill' ? 'gives back what was archived' : 'every part as it was written'}`,
          );
        }),
      );
  proof('verify', 'hold an archive against its checksums');
  proof('drill', 'restore an archive aside, compare with the school, and take it away again');

  backup
    .command('restore <id>')
    .description('bring a school back from an archive')
    .option('--mode <mode>', RESTORE_MODES.join(', '), 'in_place')
    .option('--subdomain <name>', 'of a copy, or of an erased school that is to have another')
    .option('--confirm <subdomain>', 'in place: the school’s subdomain, again')
    .option(...JSON_OPTION)
    .action((id: string, options: { mode: string; subdomain?: string; confirm?: string }) =>
      run(async (services, print) => {
        if (!(RESTORE_MODES as readonly string[]).includes(options.mode))
          throw fieldError('mode', 'enum', { allowed: [...RESTORE_MODES] });
        const { job_id, tenant_id } = await services.bundles.restore(
          OPERATOR,
          id,
          {
            mode: options.mode as RestoreMode,
            ...(options.subdomain === undefined ? {} : { subdomain: options.subdomain }),
          },
          options.confirm,
        );
        const done = await finish(services, print, job_id);
        print.result(done, `restored: ${tenant_id}`);
      }),
    );

  backup
    .command('download <id> <file>')
    .description('write an archive into a file, as it is kept')
    .option(...JSON_OPTION)
    .action((id: string, file: string) =>
      run(async (services, print) => {
        const { tenant_id } = await services.bundles.get(id);
        const { row, content } = await services.bundles.download(OPERATOR, id, tenant_id);
        await pipeline(content, createWriteStream(file, { mode: 0o600, flags: 'wx' }));
        print.result({ id, file, bytes: Number(row.bytes) }, `${file}: ${megabytes(Number(row.bytes))}`);
      }),
    );

  program
    .command('clone <school> <subdomain>')
    .description('make another school of one')
    .option('--name <name>', 'of the new school')
    .option('--scrub', 'replace what tells of people by inventions')
    .option(...JSON_OPTION)
    .action((school: string, subdomain: string, options: { name?: string; scrub?: boolean }) =>
      run(async (services, print) => {
        const id = await services.tenants.identify(school);
        const { job_id, tenant_id } = await services.bundles.clone(OPERATOR, id, {
          subdomain,
          scrub: options.scrub ?? false,
          ...(options.name === undefined ? {} : { school_name: options.name }),
        });
        const done = await finish(services, print, job_id);
        print.result(done, `${subdomain}: ${tenant_id}`);
      }),
    );

  program
    .command('export <school> <file>')
    .description('write all that a school has into a tar that it may take along')
    .option(...JSON_OPTION)
    .action((school: string, file: string) =>
      run(async (services, print) => {
        const id = await services.tenants.identify(school);
        const { job_id, bundle_id } = await services.bundles.make(OPERATOR, id, { kind: 'export' });
        await finish(services, print, job_id);
        const { row, content } = await services.bundles.download(OPERATOR, bundle_id, id);
        await pipeline(content, createWriteStream(file, { mode: 0o600, flags: 'wx' }));
        print.result(presentBundle(row), `${file}: ${megabytes(Number(row.bytes))}`);
      }),
    );

  program
    .command('import-bundle <file>')
    .description('take in a school that another installation exported')
    .option('--subdomain <name>', 'the one it had unless told')
    .option(...JSON_OPTION)
    .action((file: string, options: { subdomain?: string }) =>
      run(async (services, print) => {
        const { job_id, tenant_id } = await services.bundles.takeIn(
          OPERATOR,
          createReadStream(file),
          options.subdomain,
        );
        const done = await finish(services, print, job_id);
        print.result(done, `taken in: ${tenant_id}`);
      }),
    );
}
