import { randomInt, timingSafeEqual } from 'node:crypto';
import type { SignupAsk, SignupDetails } from '@preau/contracts/signups';
import { subdomainOf } from '@preau/contracts/subdomain-of';
import type { Language } from '@preau/contracts/vocabulary';
import type { CentralTrx, Tenancy } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError, fieldError } from '../../platform/app-error.ts';
import { violatesUnique } from '../../platform/database-errors.ts';
import { auditCentral, type Origin } from '../audit/index.ts';
import { digest, newSecret } from '../identity/index.ts';
import type { JobService } from '../jobs/index.ts';
import type { MailService } from '../mail/index.ts';
import { subdomainAvailability, type TenantService } from '../tenants/index.ts';
import { grant } from './grant.ts';
import { readSignupSettings } from './signup-settings.ts';
import { readProgress, superadminAddresses, type SignupProgress } from './signup.read-model.ts';
import { PROVE_SIGNUP, PROOF_VALID_MINUTES, SIGNUP_WAITS } from './signup.mails.ts';
import {
  countAutomatic,
  countCheck,
  countSignups,
  countWaitingOf,
  countWrongCode,
  findSignup,
  heldNames,
  insertKey,
  insertSignup,
  keyOpens,
  lockSignup,
  lockSignups,
  patchSignup,
  wrongCodesOf,
  type SignupRow,
} from './signup.repository.ts';

export type SignupRequestService = ReturnType<typeof createSignupRequestService>;

/** In 24 hours. A town's schools may sit behind one address; nobody asks for a school every hour. */
const MOST_OF_MAILBOX = 5;
const MOST_OF_IP = 20;
/** Requests of one mailbox that wait for an answer at the same time. */
const MOST_WAITING = 3;
/** Of a million codes, five are tried; the mailed link goes on working. */
const MOST_WRONG_CODES = 5;
/** Looks for a free name, a request: enough to find one, too few to learn who is here. */
const MOST_CHECKS = 40;

const codeHash = (id: string, code: string): Buffer => digest(`${id}:${code}`);
const target = (id: string) => ({ type: 'signup', id });

/** Everything before `@` that is not a label of the owner's own: one mailbox, however it is spelt. */
export const mailboxOf = (email: string): string => email.replace(/\+[^@]*(?=@)/, '');

function tooMany(seconds: number): AppError {
  return new AppError('too_many_requests', {
    details: { retry_after: seconds },
    headers: { 'retry-after': String(seconds) },
  });
}

/** Nothing here is told to anyone but the holder of the key. */
export function createSignupRequestService({
  tenancy,
  mails,
  jobs,
  tenants,
  baseDomain,
  urlOf,
}: {
  tenancy: Tenancy;
  mails: MailService;
  jobs: JobService;
  tenants: Pick<TenantService, 'inviteAdmin'>;
  baseDomain: string;
  urlOf: (host: string) => string;
}) {
  /** The request that a key opens, held. Throws `link_unknown`, also for one whose address is not proved. */
  async function opened(trx: CentralTrx, id: string, key: string): Promise<SignupRow> {
    if (!(await keyOpens(trx, id, digest(key)))) throw new AppError('link_unknown');
    const row = await lockSignup(trx, id);
    if (row.status === 'asked') throw new AppError('link_unknown');
    return row;
  }

  const availability = async (trx: CentralTrx, text: string, butOf: string | null) =>
    subdomainAvailability(trx, text, baseDomain, await heldNames(trx, text.trim().toLowerCase(), butOf));

  async function suggestion(trx: CentralTrx, row: SignupRow): Promise<string | null> {
    if (row.status !== 'proved') return null;
    const name = subdomainOf(row.school_name);
    if (name === '') return null;
    const { problem, taken, suggestion: other } = await availability(trx, name, row.id);
    return problem ? null : taken ? other : name;
  }

  async function shown(trx: CentralTrx, row: SignupRow) {
    return { row, suggestion: await suggestion(trx, row), progress: await readProgress(trx, row) };
  }

  return {
    policy: () =>
      tenancy.central(async ({ trx }) => (await readSignupSettings(trx)).policy, { readOnly: true }),

    /**
     * Writes a request down and mails the proof. The same answer for whoever fills what people do not see, and nothing is
     * written for them. Throws `signup_closed`, `too_many_requests`.
     */
    ask: (
      { fax, ...input }: SignupAsk,
      origin: Origin,
      language: Language,
    ): Promise<{ id: string; expiresAt: Date }> =>
      tenancy.central(async ({ trx }) => {
        const id = uuidv7();
        const expiresAt = new Date(Date.now() + PROOF_VALID_MINUTES * 60_000);
        const { policy, requests_per_day: most } = await readSignupSettings(trx);
        if (policy === 'closed') throw new AppError('signup_closed');
        if (fax?.trim()) return { id, expiresAt };
        const email = input.email.trim().toLowerCase();
        const mailbox = mailboxOf(email);
        await lockSignups(trx);
        const counts = await countSignups(trx, mailbox, origin.ip);
        if (counts.of_mailbox >= MOST_OF_MAILBOX || counts.of_ip >= MOST_OF_IP || counts.all >= most)
          throw tooMany(counts.frees_in);
        const token = newSecret();
        const code = String(randomInt(1_000_000)).padStart(6, '0');
        await insertSignup(trx, {
          id,
          email,
          mailbox,
          ip: origin.ip,
          language,
          full_name: input.full_name.trim(),
          school_name: input.school_name.trim(),
          school_type: input.school_type,
          code_hash: codeHash(id, code),
          expires_at: expiresAt,
        });
        await insertKey(trx, id, digest(token));
        await mails.enqueue(trx, {
          kind: PROVE_SIGNUP,
          to: email,
          tenantId: null,
          language,
          data: { id, token, code, school: input.school_name.trim() },
        });
        await auditCentral(trx, origin, null, {
          action: 'signup.ask',
          target: target(id),
          after: { email, school_name: input.school_name.trim() },
        });
        return { id, expiresAt };
      }),

    /**
     * Proves the address, by the six digits or by the secret of the link, which opens the request again later. A wrong code
     * stays counted. Throws `link_unknown`, `link_expired`, `wrong_code`.
     */
    async verify(id: string, code: string, origin: Origin) {
      const outcome = await tenancy.central(async ({ trx }) => {
        if (!(await findSignup(trx, id))) throw new AppError('link_unknown');
        const row = await lockSignup(trx, id);
        const isKey = await keyOpens(trx, id, digest(code));
        if (row.status === 'asked' && row.expires_at.getTime() <= Date.now())
          throw new AppError('link_expired');
        if (!isKey) {
          // Digits are exchanged once: afterwards the key that they gave, or the link, opens the request.
          if (row.status !== 'asked') throw new AppError('link_unknown');
          // Held for the mailbox: tries at two of its requests at once are counted one after the other.
          await lockSignups(trx);
          const left = MOST_WRONG_CODES - (await wrongCodesOf(trx, row.mailbox));
          if (left <= 0 || !timingSafeEqual(row.code_hash, codeHash(id, code))) {
            await countWrongCode(trx, id);
            return { left: Math.max(0, left - 1) };
          }
        }
        const key = isKey ? code : newSecret();
        if (!isKey) await insertKey(trx, id, digest(key));
        let proved = row;
        if (row.status === 'asked') {
          proved = await patchSignup(trx, id, { status: 'proved' });
          await auditCentral(trx, origin, null, { action: 'signup.prove', target: target(id) });
        }
        return { key, ...(await shown(trx, proved)) };
      });
      if ('left' in outcome) throw new AppError('wrong_code', { details: { left: outcome.left } });
      return outcome;
    },

    get: (id: string, key: string) =>
      tenancy.central(async ({ trx }) => shown(trx, await opened(trx, id, key))),

    /** Whether a name is free. Throws `too_many_requests` when this request has looked often enough. */
    async check(id: string, key: string, subdomain: string) {
      const found = await tenancy.central(async ({ trx }) => {
        await opened(trx, id, key);
        return (await countCheck(trx, id)) > MOST_CHECKS ? null : availability(trx, subdomain, id);
      });
      if (!found) throw tooMany(86_400);
      return found;
    },

    /**
     * Hands the request in. Its name is held from then on: of two for one name, the second is refused. Where the policy grants
     * by itself and its limits leave room, the school is on its way when this answers.
     */
    async submit(id: string, key: string, input: SignupDetails, origin: Origin) {
      const subdomain = input.subdomain.trim().toLowerCase();
      try {
        return await tenancy.central(async ({ trx }) => {
          const settings = await readSignupSettings(trx);
          if (settings.policy === 'closed') throw new AppError('signup_closed');
          await lockSignups(trx);
          const row = await opened(trx, id, key);
          if (row.status !== 'proved')
            throw new AppError('signup_decided', { details: { status: row.status } });
          const waiting = await countWaitingOf(trx, row.mailbox);
          if (waiting >= MOST_WAITING) throw new AppError('signups_waiting', { details: { count: waiting } });
          const { problem, taken } = await availability(trx, subdomain, id);
          if (problem) throw fieldError('subdomain', problem.code, problem.values);
          if (taken) throw new AppError('subdomain_taken', { details: { subdomain } });
          const described = await patchSignup(trx, id, {
            school_name: input.school_name.trim(),
            school_type: input.school_type,
            subdomain,
            phone: input.phone.trim(),
            address: input.address.trim(),
            postal_code: input.postal_code.trim(),
            city: input.city.trim(),
            website: input.website ?? null,
            uai: input.uai?.toUpperCase() ?? null,
            message: input.message?.trim() || null,
            status: 'waiting',
            submitted_at: new Date(),
          });
          await auditCentral(trx, origin, null, {
            action: 'signup.submit',
            target: target(id),
            after: { subdomain, school_name: described.school_name },
          });
          const { policy, automatic_per_day: most, automatic_domains: domains } = settings;
          const domain = row.email.slice(row.email.lastIndexOf('@') + 1);
          const byItself =
            policy === 'automatic' &&
            (domains.length === 0 || domains.includes(domain)) &&
            (await countAutomatic(trx)) < most;
          if (byItself) return shown(trx, (await grant(trx, jobs, described, { automatic: true })).row);
          for (const to of await superadminAddresses(trx))
            await mails.enqueue(trx, {
              kind: SIGNUP_WAITS,
              to,
              tenantId: null,
              language: 'fr',
              data: { id, school: described.school_name },
            });
          return shown(trx, described);
        });
      } catch (error) {
        if (violatesUnique(error, 'signups_subdomain_key'))
          throw new AppError('subdomain_taken', { details: { subdomain }, cause: error });
        throw error;
      }
    },

    withdraw: (id: string, key: string, origin: Origin) =>
      tenancy.central(async ({ trx }) => {
        const row = await opened(trx, id, key);
        if (row.status !== 'proved' && row.status !== 'waiting')
          throw new AppError('signup_decided', { details: { status: row.status } });
        const withdrawn = await patchSignup(trx, id, { status: 'withdrawn', decided_at: new Date() });
        await auditCentral(trx, origin, null, { action: 'signup.withdraw', target: target(id) });
        return shown(trx, withdrawn);
      }),

    /**
     * Where the requester goes in: a new invitation for their address, or the log-in page once they are a member. Earlier
     * unused invitations of the platform end.
     */
    async enter(id: string, key: string, origin: Origin): Promise<string> {
      const { row, progress } = await this.get(id, key);
      if (row.status !== 'open' || !row.tenant_id || !progress.host) throw new AppError('signup_not_open');
      const site = urlOf(progress.host);
      if (progress.isMember) return `${site}/login`;
      const { invitation } = await tenants.inviteAdmin(origin, row.tenant_id, row.email);
      return `${site}/invitation/${invitation.token}`;
    },
  };
}

export type ShownSignup = { row: SignupRow; suggestion: string | null; progress: SignupProgress };
