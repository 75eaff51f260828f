import { Type } from 'typebox';
import { AppError } from '../../platform/app-error.ts';
import { defineJob } from '../jobs/index.ts';
import { moduleIsOn } from '../tenants/index.ts';
import { MAKE_VARIANTS } from './variants.service.ts';

const nothing = Type.Object({}, { additionalProperties: false });

export const mediaJobs = [
  defineJob({
    kind: MAKE_VARIANTS,
    payload: Type.Object({ media_id: Type.String({ format: 'uuid' }) }, { additionalProperties: false }),
    maxAttempts: 3,
    async handler({ tenantId, payload, signal, progress }, { mediaCare, mediaVariants, tenancy }) {
      const tenant = tenantId === null ? null : await mediaCare.schoolOf(tenantId);
      if (!tenant) return { made: 0 };
      try {
        const made = await mediaVariants.make(tenant, payload.media_id, {
          signal,
          // What the school shows of itself, or a feature keeps, is no part of the library. Others are asked for again by who looks at them.
          shownOnly: !(await moduleIsOn(tenancy, tenant.id, 'media')),
          onMade: (done, total) => progress({ done, total, unit: 'pictures' }),
        });
        return { made };
      } catch (error) {
        // No room, or no file any more: the file itself is shown in their place.
        if (error instanceof AppError && ['quota_exceeded', 'not_found'].includes(error.code))
          return { made: 0, because: error.code };
        throw error;
      }
    },
  }),
  defineJob({
    kind: 'media.sweep',
    payload: nothing,
    maxAttempts: 3,
    cron: '*/10 * * * *',
    // With the module off too: what is counted has to be right.
    handler: (_run, { mediaCare }) => mediaCare.sweep(),
  }),
  defineJob({
    kind: 'media.empty_trash',
    payload: nothing,
    maxAttempts: 3,
    // At night, and not on the hour, when everything else begins.
    cron: '41 2 * * *',
    // With the module off too: what people have deleted is gone in its time.
    async handler({ origin, signal, progress }, { mediaCare }) {
      return mediaCare.emptyTrash(origin, {
        signal,
        onSchool: (done, total) => progress({ done, total, unit: 'schools' }),
      });
    },
  }),
];
