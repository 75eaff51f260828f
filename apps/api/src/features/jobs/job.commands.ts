import type { Command } from 'commander';
import { JobQuery, type Job } from '@preau/contracts/jobs';
import { AppError } from '../../platform/app-error.ts';
import { FORMATS } from '../../platform/formats.ts';
import { validateText } from '../../platform/validation.ts';
import type { Services } from '../../services.ts';
import { OPERATOR } from '../audit/index.ts';
import type { Printer, RunCommand } from '../define-feature.ts';
import { followJob } from './job-watch.ts';
import { hasEnded, presentJob } from './job.presenter.ts';

interface ListOptions {
  kind?: string;
  status?: string;
  tenant?: string;
  limit: string;
}

const duration = (milliseconds: number | null): string =>
  milliseconds === null
    ? ''
    : milliseconds < 1_000
      ? `${milliseconds} ms`
      : `${(milliseconds / 1_000).toFixed(1)} s`;

const share = ({ progress }: Job): string =>
  progress ? `${progress.done}${progress.total === null ? '' : `/${progress.total}`} ${progress.unit}` : '';

function describeJob(job: Job): string {
  const school = job.tenant ? ` · ${job.tenant.subdomain}` : '';
  const steps = job.steps.map(
    ({ name, status, duration_ms: ms, error }) =>
      `  ${status.padEnd(8)} ${name} ${duration(ms)}${error ? `: ${error}` : ''}`,
  );
  return [
    `${job.kind}${school} · ${job.status} · attempt ${job.attempts} of ${job.max_attempts} · ${job.id}`,
    ...(job.progress ? [`  ${share(job)}`] : []),
    ...steps,
    ...(job.failure
      ? [`  failed${job.failure.step ? ` at ${job.failure.step}` : ''}: ${job.failure.reason}`]
      : []),
  ].join('\n');
}

/** A job by its id; nothing else names one. */
function idOf(text: string): string {
  if (!FORMATS.uuid.test(text)) throw new AppError('not_found');
  return text.toLowerCase();
}

async function watch({ jobs, jobWatch, listen }: Services, print: Printer, text: string): Promise<void> {
  const id = idOf(text);
  const feed = await listen();
  const bar = print.progress();
  let last: Job | undefined;
  try {
    const follow = followJob<Job>(jobWatch, id, {
      read: async () => presentJob(await jobs.get(id)),
      ended: hasEnded,
      signal: new AbortController().signal,
      quietMs: 60_000,
    });
    for await (const job of follow) {
      if (!job) continue;
      last = job;
      const step = job.steps.findLast(({ status }) => status === 'running')?.name;
      bar.show([job.kind, job.status, step].filter(Boolean).join(' · '), job.progress);
      if (!print.forPeople) print.result(job);
    }
  } finally {
    bar.end();
    await feed.close();
  }
  if (last && print.forPeople) print.text(describeJob(last));
  if (last?.status !== 'done') throw new Error(`The job has ${last?.status}: ${last?.failure?.reason ?? ''}`);
}

export function jobCommands(program: Command, run: RunCommand): void {
  const jobs = program.command('jobs').description('background jobs: list, show, watch, cancel');

  jobs
    .command('list')
    .description('the latest jobs')
    .option('--kind <kind>', 'only of this kind')
    .option('--status <status>', 'queued, running, done, failed or cancelled')
    .option('--tenant <name>', 'only about this school: id or subdomain')
    .option('--limit <n>', 'how many', '20')
    .option('--json', 'print JSON')
    .action(({ kind, status, tenant, limit }: ListOptions) =>
      run(async (services, print) => {
        const asked = { kind, status, tenant, page_size: limit };
        const query = validateText(
          JobQuery,
          Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)),
        );
        const { rows } = await services.jobs.list(query);
        const found = rows.map(presentJob);
        print.table(
          ['id', 'kind', 'school', 'status', 'progress', 'created', 'failure'],
          found.map((job) => [
            job.id,
            job.kind,
            job.tenant?.subdomain ?? '',
            job.status,
            share(job),
            job.created_at,
            job.failure ? `${job.failure.step ?? ''} ${job.failure.reason}`.trim() : '',
          ]),
          found,
        );
      }),
    );

  jobs
    .command('show <id>')
    .description('one job with its steps')
    .option('--json', 'print JSON')
    .action((id: string) =>
      run(async (services, print) => {
        const job = presentJob(await services.jobs.get(idOf(id)));
        print.result(job, describeJob(job));
      }),
    );

  jobs
    .command('watch <id>')
    .description('follow a job to its end; exits 1 unless it is done')
    .option('--json', 'print JSON: one line a change')
    .action((id: string) => run((services, print) => watch(services, print, id)));

  jobs
    .command('cancel <id>')
    .description('ask a job to stop; what it has done so far stays')
    .option('--json', 'print JSON')
    .action((id: string) =>
      run(async (services, print) => {
        const job = presentJob(await services.jobs.cancel(OPERATOR, idOf(id)));
        print.result(job, describeJob(job));
      }),
    );
}
