import * as contracts from '@preau/contracts/fleet';
import { pageLinks } from '../../platform/pagination.ts';
import type { Services } from '../../services.ts';
import { bind, type BoundRoute } from '../define-feature.ts';
import { MIGRATE_JOB } from './fleet.jobs.ts';
import { presentDrift, presentStatus } from './fleet.presenter.ts';

export const fleetRoutes = ({ fleet, jobs, tenancy }: Services): BoundRoute[] => [
  bind(contracts.fleetStatus, async () => presentStatus(await fleet.status(), fleet.heads())),
  bind(contracts.fleetDrift, async () => presentDrift(await fleet.drift())),
  bind(contracts.listFleetRuns, async ({ query, reply }) => {
    const { count, rows } = await fleet.runs(query);
    return { count, ...pageLinks(reply, query, count), results: rows };
  }),
  bind(contracts.getFleetRun, async ({ params }) => {
    const { run, results } = await fleet.run(params.id);
    return { ...run, results };
  }),
  bind(contracts.startFleetMigration, async ({ body, origin, reply }) => {
    // What is not there is told now and not by a job.
    if (body.school !== undefined) await fleet.schemaOf(body.school);
    if (body.undo !== undefined) await fleet.run(body.undo);
    const job_id = await tenancy.central(({ trx }) =>
      // One at a time: several would only wait for each other's locks.
      jobs.start(trx, origin, { kind: MIGRATE_JOB, payload: body, uniqueKey: 'fleet' }),
    );
    reply.header('location', `/api/v1/jobs/${job_id}/`);
    return { job_id };
  }),
];
