import { RESTORE_MODES } from '@preau/contracts/vocabulary';
import { Type } from 'typebox';
import { AppError } from '../../platform/app-error.ts';
import { isDatabaseUnavailable } from '../../platform/database-errors.ts';
import { defineJob } from '../jobs/index.ts';
import { CARE, CLONE, MAKE, RESTORE, TIDY, VERIFY } from './job-kinds.ts';
import { tellExportReady } from './bundle.notifications.ts';
import { createScrubber } from './scrub.ts';

const strict = { additionalProperties: false } as const;
const target = {
  bundle_id: Type.String(),
  tenant_id: Type.String(),
  schema_name: Type.String(),
};

/** Why a job has ended, as the archive's row keeps it. */
const reasonOf = async (
  jobs: { get(id: string): Promise<{ failure: { reason: string } | null }> },
  id: string,
) => (await jobs.get(id)).failure?.reason ?? 'cancelled';

/** An archive that is damaged stays so. */
const isFinal = (error: unknown): boolean => error instanceof AppError && error.code.startsWith('bundle_');

/** Begun again after a kill, each finds what it has done and goes on, or does it anew aside. */
export const bundleJobs = [
  defineJob({
    kind: MAKE,
    payload: Type.Object({ bundle_id: Type.String() }, strict),
    maxAttempts: 3,
    async handler(run, services) {
      const bundle = await services.bundleMaker.make(run, run.payload.bundle_id);
      const { bytes, checksum } = bundle;
      await tellExportReady(services, bundle, run.origin);
      return { bundle_id: run.payload.bundle_id, bytes: Number(bytes), checksum };
    },
    onFailure: async ({ id, payload }, { bundleMaker, jobs }) =>
      bundleMaker.giveUp(payload.bundle_id, await reasonOf(jobs, id)),
  }),

  defineJob({
    kind: RESTORE,
    payload: Type.Object(
      {
        ...target,
        mode: Type.Enum([...RESTORE_MODES]),
        own: Type.Boolean(),
        name: Type.Optional(Type.String()),
        before_id: Type.Optional(Type.String()),
      },
      strict,
    ),
    maxAttempts: 4,
    isFinal,
    async handler(run, { bundleMaker, restores }) {
      const { before_id: before, bundle_id, tenant_id, schema_name, mode, own, name } = run.payload;
      if (before !== undefined) await bundleMaker.make(run, before);
      return restores.restore(run, {
        bundleId: bundle_id,
        tenantId: tenant_id,
        schemaName: schema_name,
        mode,
        own,
        name,
      });
    },
    async onFailure({ id, payload, origin }, { bundleMaker, restores, jobs }) {
      if (payload.before_id !== undefined)
        await bundleMaker.giveUp(payload.before_id, await reasonOf(jobs, id));
      await restores.giveUp(origin, id);
    },
  }),

  defineJob({
    kind: CLONE,
    payload: Type.Object({ ...target, scrub: Type.Boolean() }, strict),
    maxAttempts: 4,
    isFinal,
    async handler(run, { bundleMaker, restores, bundleCare }) {
      const { bundle_id, tenant_id, schema_name, scrub } = run.payload;
      await bundleMaker.make(run, bundle_id, scrub ? await createScrubber() : null);
      const done = await restores.restore(run, {
        bundleId: bundle_id,
        tenantId: tenant_id,
        schemaName: schema_name,
        mode: 'copy',
        own: true,
      });
      await bundleCare.drop(bundle_id);
      return done;
    },
    async onFailure({ id, payload, origin }, { restores, bundleCare }) {
      await restores.giveUp(origin, id);
      await bundleCare.drop(payload.bundle_id);
    },
  }),

  defineJob({
    kind: TIDY,
    payload: Type.Object({ restore_id: Type.String(), tenant_id: Type.String() }, strict),
    maxAttempts: 20,
    handler: ({ payload }, { restores }) => restores.tidy(payload.restore_id),
  }),

  defineJob({
    kind: VERIFY,
    payload: Type.Object({ bundle_id: Type.String(), drill: Type.Boolean() }, strict),
    maxAttempts: 2,
    isFinal: (error) => !isDatabaseUnavailable(error),
    async handler(run, { bundleVerifier }): Promise<object> {
      const { bundle_id: id, drill } = run.payload;
      if (!drill) return bundleVerifier.verify(run, id);
      const report = await bundleVerifier.drill(run, id);
      if (!report.restores)
        throw new Error(`The archive gives back something else: ${JSON.stringify(report)}`);
      return report;
    },
  }),

  defineJob({
    kind: CARE,
    // The time of the schedule is the installation's: it is looked at every quarter of an hour.
    cron: '*/15 * * * *',
    payload: Type.Object({}, strict),
    maxAttempts: 2,
    handler: (run, { bundleCare }) => bundleCare.care(run),
  }),
];
