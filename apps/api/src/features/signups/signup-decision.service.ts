import type { SignupQuery, SignupSettings } from '@preau/contracts/signups';
import type { CentralTrx, Tenancy } from '@preau/tenancy';
import { AppError, fieldError } from '../../platform/app-error.ts';
import { violatesUnique } from '../../platform/database-errors.ts';
import { auditCentral, type Origin } from '../audit/index.ts';
import { digest, newSecret } from '../identity/index.ts';
import type { JobRun, JobService } from '../jobs/index.ts';
import type { MailService } from '../mail/index.ts';
import { subdomainAvailability, type ProvisioningService, type TenantService } from '../tenants/index.ts';
import { grant } from './grant.ts';
import { readSignupSettings, writeSignupSettings } from './signup-settings.ts';
import { SIGNUP_OPEN, SIGNUP_REFUSED } from './signup.mails.ts';
import { getSignupRow, listSignupRows, type SignupRequestRow } from './signup.read-model.ts';
import {
  findSignup,
  heldNames,
  insertKey,
  lockSignup,
  patchSignup,
  sweepSignups,
  type SignupRow,
} from './signup.repository.ts';

export type SignupDecisionService = ReturnType<typeof createSignupDecisionService>;

const target = (id: string) => ({ type: 'signup', id });

/** What the platform does with requests for schools. */
export function createSignupDecisionService({
  tenancy,
  mails,
  jobs,
  tenants,
  provisioning,
  baseDomain,
}: {
  tenancy: Tenancy;
  mails: MailService;
  jobs: JobService;
  tenants: Pick<TenantService, 'create'>;
  provisioning: Pick<ProvisioningService, 'provision'>;
  baseDomain: string;
}) {
  async function row(trx: CentralTrx, id: string): Promise<SignupRequestRow> {
    const found = await getSignupRow(trx, id, baseDomain);
    if (!found) throw new AppError('not_found');
    return found;
  }

  async function decidable(trx: CentralTrx, id: string, expected: number | undefined): Promise<SignupRow> {
    const signup = await lockSignup(trx, id);
    if (expected !== undefined && signup.version !== expected) throw new AppError('precondition_failed');
    if (signup.status !== 'waiting' && signup.status !== 'failed')
      throw new AppError('signup_decided', { details: { status: signup.status } });
    return signup;
  }

  /** Enters the school of a request, or finds it entered: with the request's own mark of it, or not at all. */
  async function enter(signup: SignupRow, origin: Origin): Promise<string> {
    if (signup.tenant_id) return signup.tenant_id;
    const { tenant } = await tenants.create(
      origin,
      {
        school_name: signup.school_name,
        school_type: signup.school_type,
        subdomain: signup.subdomain ?? '',
        email: signup.email,
        phone: signup.phone ?? '',
        address: signup.address ?? '',
        postal_code: signup.postal_code ?? '',
        city: signup.city ?? '',
        website: signup.website,
        uai: signup.uai,
      },
      async (trx, id) => {
        await patchSignup(trx, signup.id, { tenant_id: id });
      },
    );
    return tenant.id;
  }

  /** Builds the school's space, or finds it built. */
  async function build(origin: Origin, id: string): Promise<void> {
    try {
      await provisioning.provision(origin, id);
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'already_provisioned')) throw error;
    }
  }

  return {
    list: (query: SignupQuery) =>
      tenancy.central(({ trx }) => listSignupRows(trx, query, baseDomain), { readOnly: true }),
    get: (id: string) => tenancy.central(({ trx }) => row(trx, id), { readOnly: true }),

    settings: () => tenancy.central(({ trx }) => readSignupSettings(trx), { readOnly: true }),
    updateSettings: (origin: Origin, changes: Partial<SignupSettings>): Promise<SignupSettings> =>
      tenancy.central(async ({ trx }) => {
        const before = await readSignupSettings(trx, true);
        const after = { ...before, ...changes };
        if (changes.automatic_domains)
          after.automatic_domains = changes.automatic_domains.map((domain) => domain.toLowerCase());
        await writeSignupSettings(trx, after);
        await auditCentral(trx, origin, null, {
          action: 'signup.update_settings',
          target: { type: 'settings', id: 'signup' },
          before,
          after,
        });
        return after;
      }),

    /** Grants a request, or one whose school could not be made once more. Throws `signup_decided`, `subdomain_taken`. */
    async approve(
      origin: Origin,
      id: string,
      { subdomain: other }: { subdomain?: string } = {},
      expected?: number,
    ): Promise<{ row: SignupRequestRow; jobId: string }> {
      const wanted = other?.trim().toLowerCase();
      try {
        return await tenancy.central(async ({ trx }) => {
          const signup = await decidable(trx, id, expected);
          const subdomain = wanted ?? signup.subdomain ?? '';
          if (!signup.tenant_id) {
            const held = await heldNames(trx, subdomain, id);
            const { problem, taken } = await subdomainAvailability(trx, subdomain, baseDomain, held);
            if (problem) throw fieldError('subdomain', problem.code, problem.values);
            if (taken) throw new AppError('subdomain_taken', { details: { subdomain } });
          }
          // Of a school that is entered already, the address is the school's.
          const { jobId } = await grant(trx, jobs, signup, {
            origin,
            ...(signup.tenant_id ? {} : { subdomain }),
          });
          return { row: await row(trx, id), jobId };
        });
      } catch (error) {
        if (violatesUnique(error, 'signups_subdomain_key'))
          throw new AppError('subdomain_taken', { details: { subdomain: wanted ?? '' }, cause: error });
        throw error;
      }
    },

    /** Refuses a request; the requester gets the reason. Throws `signup_decided`. */
    refuse: (origin: Origin, id: string, reason: string, expected?: number): Promise<SignupRequestRow> =>
      tenancy.central(async ({ trx }) => {
        const signup = await decidable(trx, id, expected);
        await patchSignup(trx, id, {
          status: 'refused',
          reason: reason.trim(),
          decided_at: new Date(),
          decided_by: origin.actor.label,
        });
        await mails.enqueue(trx, {
          kind: SIGNUP_REFUSED,
          to: signup.email,
          tenantId: null,
          language: signup.language,
          data: { school: signup.school_name, reason: reason.trim() },
        });
        await auditCentral(trx, origin, null, {
          action: 'signup.refuse',
          target: target(id),
          after: { reason: reason.trim() },
        });
        return row(trx, id);
      }),

    /**
     * The work of the job: enters the school, builds its space and tells the requester. Killed anywhere, the next attempt goes
     * on where this one was.
     */
    async open({
      payload,
      origin,
      step,
    }: JobRun<{ signup_id: string }>): Promise<{ tenant_id: string | null }> {
      const id = payload.signup_id;
      const signup = await tenancy.central(({ trx }) => findSignup(trx, id), { readOnly: true });
      if (signup?.status !== 'approved') return { tenant_id: signup?.tenant_id ?? null };
      const tenantId = await step('school', () => enter(signup, origin));
      await step('space', () => build(origin, tenantId));
      await step('requester', () =>
        tenancy.central(async ({ trx }) => {
          const held = await lockSignup(trx, id);
          if (held.status !== 'approved') return;
          await patchSignup(trx, id, { status: 'open' });
          const token = newSecret();
          await insertKey(trx, id, digest(token));
          await mails.enqueue(trx, {
            kind: SIGNUP_OPEN,
            to: held.email,
            tenantId: null,
            language: held.language,
            data: { id, token, school: held.school_name, host: `${held.subdomain}.${baseDomain}` },
          });
          await auditCentral(trx, origin, tenantId, {
            action: 'signup.open',
            target: target(id),
            after: { subdomain: held.subdomain },
          });
        }),
      );
      return { tenant_id: tenantId };
    },

    /** The school could not be made: the request says so, and can be granted again. */
    async giveUp({
      id: jobId,
      payload,
      origin,
    }: Pick<JobRun<{ signup_id: string }>, 'id' | 'payload' | 'origin'>) {
      const { failure } = await jobs.get(jobId);
      await tenancy.central(async ({ trx }) => {
        const signup = await findSignup(trx, payload.signup_id);
        if (signup?.status !== 'approved') return;
        await patchSignup(trx, signup.id, { status: 'failed', failure: failure?.reason ?? 'cancelled' });
        await auditCentral(trx, origin, null, {
          action: 'signup.fail',
          target: target(signup.id),
          after: { reason: failure?.reason ?? 'cancelled' },
        });
      });
    },

    sweep: () => tenancy.central(async ({ trx }) => ({ forgotten: await sweepSignups(trx) })),
  };
}
