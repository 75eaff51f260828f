import { ERRORS, fillSentence } from '@preau/contracts/error-codes';
import {
  BULK_ACTIONS,
  BULK_MOST,
  type BulkAction,
  type BulkLine,
  type BulkReport,
  type TenantBulk,
  type TenantChoice,
} from '@preau/contracts/tenant-bulk';
import { LANGUAGES, type Language } from '@preau/contracts/vocabulary';
import type { Tenancy } from '@preau/tenancy';
import { Type, type Static } from 'typebox';
import { AppError } from '../../platform/app-error.ts';
import { isDatabaseUnavailable } from '../../platform/database-errors.ts';
import { auditCentral, type Origin } from '../audit/index.ts';
import type { JobRun, JobService } from '../jobs/index.ts';
import { BULK } from './job-kinds.ts';
import type { LifecycleService } from './lifecycle.service.ts';
import { chosenDetails, chosenTenants, namesOf } from './tenant-choice.read-model.ts';
import type { TenantDetail } from './tenant.read-model.ts';

export type TenantBulkService = ReturnType<typeof createTenantBulk>;

/** Schools with the state each was in when the order was given: begun again, the job still knows what it changed. */
export const BulkPayload = Type.Object(
  {
    action: Type.Enum([...BULK_ACTIONS]),
    schools: Type.Array(Type.Object({ id: Type.String(), status: Type.String() })),
    reason: Type.Union([Type.String(), Type.Null()]),
    language: Type.Enum([...LANGUAGES]),
  },
  { additionalProperties: false },
);
type BulkPayload = Static<typeof BulkPayload>;

const TARGET: Record<BulkAction, string> = { deactivate: 'inactive', activate: 'active' };

interface Options {
  tenancy: Tenancy;
  jobs: Pick<JobService, 'start'>;
  lifecycle: Pick<LifecycleService, 'activate' | 'deactivate'>;
}

/** The same change of many schools, and many schools as a file. */
export function createTenantBulk({ tenancy, jobs, lifecycle }: Options) {
  const nowOf = (id: string) =>
    tenancy.central(async ({ trx }) => (await namesOf(trx, [id])).get(id), { readOnly: true });

  async function change(
    { id, status: before }: BulkPayload['schools'][number],
    { action, reason, language }: BulkPayload,
    origin: Origin,
  ): Promise<Pick<BulkLine, 'outcome' | 'code' | 'message'>> {
    if (before === TARGET[action]) return { outcome: 'unchanged', code: null, message: null };
    try {
      if (action === 'activate') await lifecycle.activate(origin, id);
      else await lifecycle.deactivate(origin, id, reason);
    } catch (error) {
      if (!(error instanceof AppError) || isDatabaseUnavailable(error)) throw error;
      // By the attempt before this one, which ended before it could say so.
      const done = error.code === 'illegal_transition' && (await nowOf(id))?.status === TARGET[action];
      if (!done) {
        const message = fillSentence(ERRORS[error.code].detail[language], error.options.details);
        return { outcome: 'failed', code: error.code, message };
      }
    }
    return { outcome: 'changed', code: null, message: null };
  }

  return {
    /** Starts the job. Throws `no_school_matches`, `too_many_schools`, `invalid_input` for a choice that names nothing. */
    start: (
      origin: Origin,
      { action, tenants, matching, reason }: TenantBulk,
      language: Language,
    ): Promise<{ job_id: string; count: number }> =>
      tenancy.central(async ({ trx }) => {
        const choice = { ...(tenants ? { tenants } : {}), ...(matching ? { matching } : {}) };
        const schools = await chosenTenants(trx, choice, BULK_MOST);
        const payload = { action, schools, reason: reason?.trim() || null, language };
        const job_id = await jobs.start(trx, origin, { kind: BULK, payload });
        return { job_id, count: schools.length };
      }),

    /** One school after the other, each in a transaction of its own: what one refuses holds up no other. */
    async run({
      payload,
      origin,
      signal,
      progress,
    }: Pick<JobRun<BulkPayload>, 'payload' | 'origin' | 'signal' | 'progress'>): Promise<BulkReport> {
      const { action, schools } = payload;
      const names = await tenancy.central(
        ({ trx }) =>
          namesOf(
            trx,
            schools.map(({ id }) => id),
          ),
        { readOnly: true },
      );
      const lines: BulkLine[] = [];
      for (const school of schools) {
        signal.throwIfAborted();
        const { name = '', subdomain = '' } = names.get(school.id) ?? {};
        lines.push({ id: school.id, name, subdomain, ...(await change(school, payload, origin)) });
        progress({ done: lines.length, total: schools.length, unit: 'schools' });
      }
      const of = (outcome: BulkLine['outcome']) => lines.filter((line) => line.outcome === outcome).length;
      return {
        action,
        counts: { changed: of('changed'), unchanged: of('unchanged'), failed: of('failed') },
        lines,
      };
    },

    /** The chosen schools, for a file; that they went out is put down. */
    export: (origin: Origin, choice: TenantChoice): Promise<TenantDetail[]> =>
      tenancy.central(async ({ trx }) => {
        const rows = await chosenDetails(trx, choice);
        await auditCentral(trx, origin, null, {
          action: 'tenants.export',
          target: { type: 'tenants', id: null },
          after: { count: rows.length, ...choice },
        });
        return rows;
      }),
  };
}
