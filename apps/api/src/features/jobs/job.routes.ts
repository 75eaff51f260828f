import { Readable } from 'node:stream';
import * as contracts from '@preau/contracts/jobs';
import type { Job } from '@preau/contracts/jobs';
import { pageLinks } from '../../platform/pagination.ts';
import { showVersion, withVersion } from '../../platform/versions.ts';
import type { Services } from '../../services.ts';
import { bind, type BoundRoute } from '../define-feature.ts';
import { followJob } from './job-watch.ts';
import { hasEnded, presentJob } from './job.presenter.ts';

/** Proxies drop what is silent for a minute; a browser needs to be told that the line still stands. */
const HEARTBEAT = 15_000;

export const jobRoutes = ({ jobs, jobWatch }: Services): BoundRoute[] => [
  bind(contracts.listJobs, async ({ query, reply }) => {
    const { count, rows } = await jobs.list(query);
    return { count, ...pageLinks(reply, query, count), results: rows.map(presentJob) };
  }),
  bind(contracts.getJob, async (call) => {
    const row = await jobs.get(call.params.id);
    return withVersion(call, row.version, presentJob(row));
  }),
  bind(contracts.watchJob, async ({ params, reply }) => {
    // What does not exist is told before the stream begins.
    await jobs.get(params.id);
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    async function* events(): AsyncGenerator<string> {
      const follow = followJob<Job>(jobWatch, params.id, {
        read: async () => presentJob(await jobs.get(params.id)),
        ended: hasEnded,
        signal: gone.signal,
        quietMs: HEARTBEAT,
      });
      for await (const job of follow)
        yield job === null
          ? ': still here\n\n'
          : `id: ${job.version}\nevent: job\ndata: ${JSON.stringify(job)}\n\n`;
    }
    // X-Accel-Buffering: nginx would hold events back.
    reply.headers({ 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
    return Readable.from(events()) as never;
  }),
  bind(contracts.cancelJob, async ({ params, origin, reply }) => {
    const row = await jobs.cancel(origin, params.id);
    return showVersion(reply, row.version, presentJob(row));
  }),
];
