import { randomInt, timingSafeEqual } from 'node:crypto';
import type { Language } from '@preau/contracts/vocabulary';
import type { CentralTrx, Tenancy } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError, fieldError } from '../../platform/app-error.ts';
import { violatesUnique } from '../../platform/database-errors.ts';
import { auditCentral, type Origin } from '../audit/index.ts';
import type { TenantSnapshot } from '../current-tenant/index.ts';
import type { MailService } from '../mail/index.ts';
import { usable } from './mailed-link.ts';
import { assertLongEnough } from './password.service.ts';
import { REGISTRATION_VALID_HOURS, VERIFY_REGISTRATION } from './registration.mails.ts';
import {
  countWrongCode,
  insertRegistration,
  lockRegistration,
  useRegistrations,
  type AskableRole,
  type RegistrationRow,
} from './registration.repository.ts';
import { digest, hashPassword, newSecret } from './secrets.ts';
import {
  findUserByEmail,
  insertPendingMembership,
  insertUser,
  membershipIn,
  type MembershipStatus,
} from './user.repository.ts';

export type RegistrationService = ReturnType<typeof createRegistrationService>;

/**
 * Wrong codes that an address bears at a school in a day, however often it is registered: of a million, five are tried. The
 * links in its mails go on working, so that nobody is kept out by what others try.
 */
const MOST_WRONG_CODES = 5;

export interface Proof {
  registration_id: string;
  code: string;
}

const codeHash = (id: string, code: string): Buffer => digest(`${id}:${code}`);

/** Registration by oneself: asked for on the school's host, proved by mail, decided by the school. */
export function createRegistrationService({ tenancy, mails }: { tenancy: Tenancy; mails: MailService }) {
  function assertOpen({ settings }: TenantSnapshot): void {
    if (settings.registration !== 'approval') throw new AppError('registration_closed');
  }

  /** Runs `work` on the registration whose code or link this is. A wrong code stays counted. */
  async function proved<R>(
    tenant: TenantSnapshot,
    { registration_id: id, code }: Proof,
    work: (trx: CentralTrx, registration: RegistrationRow) => Promise<R>,
  ): Promise<R> {
    assertOpen(tenant);
    const outcome = await tenancy.central(async ({ trx }) => {
      const row = usable(await lockRegistration(trx, tenant.id, id));
      if (timingSafeEqual(row.token_hash, digest(code))) return { value: await work(trx, row) };
      const left = Math.max(0, MOST_WRONG_CODES - row.wrong_codes);
      if (left > 0 && timingSafeEqual(row.code_hash, codeHash(id, code)))
        return { value: await work(trx, row) };
      await countWrongCode(trx, id);
      return { left: Math.max(0, left - 1) };
    });
    if ('left' in outcome) throw new AppError('wrong_code', { details: { left: outcome.left } });
    return outcome.value;
  }

  return {
    /** The same rows and the same answer for every address. Throws `registration_closed`. */
    async register(
      tenant: TenantSnapshot,
      input: { email: string; full_name: string; role: AskableRole },
      origin: Origin,
      language: Language,
    ): Promise<{ id: string; expiresAt: Date }> {
      assertOpen(tenant);
      const id = uuidv7();
      const token = newSecret();
      const code = String(randomInt(1_000_000)).padStart(6, '0');
      const email = input.email.trim().toLowerCase();
      const expiresAt = new Date(Date.now() + REGISTRATION_VALID_HOURS * 3_600_000);
      await tenancy.central(async ({ trx }) => {
        await insertRegistration(trx, tenant.id, {
          id,
          email,
          full_name: input.full_name.trim(),
          role: input.role,
          token_hash: digest(token),
          code_hash: codeHash(id, code),
          expires_at: expiresAt,
        });
        await mails.enqueue(trx, {
          kind: VERIFY_REGISTRATION,
          to: email,
          tenantId: tenant.id,
          language,
          data: { id, token, code },
        });
        await auditCentral(trx, origin, tenant.id, {
          action: 'registration.ask',
          target: { type: 'email', id: email },
          after: { role: input.role },
        });
      });
      return { id, expiresAt };
    },

    /** What is still to be answered, to whoever holds the code. */
    open: (tenant: TenantSnapshot, proof: Proof) =>
      proved(tenant, proof, async (trx, registration) => ({
        ...registration,
        accountExists: (await findUserByEmail(trx, registration.email)) !== undefined,
      })),

    /**
     * The address is proved: a new account with the password chosen now, or the account that is there, asks the school to be
     * admitted. The password is never one that was chosen before the proof: whoever typed somebody else's address would
     * have theirs in the account.
     */
    async verify(
      tenant: TenantSnapshot,
      proof: Proof,
      input: { full_name?: string; password?: string },
      origin: Origin,
    ): Promise<MembershipStatus> {
      const { accountExists } = await this.open(tenant, proof);
      if (!accountExists) {
        if (!input.password) throw fieldError('password', 'required');
        assertLongEnough(tenant, input.password);
      }
      const passwordHash = accountExists ? null : await hashPassword(input.password ?? '');
      const verifying = proved(tenant, proof, async (trx, { email, full_name, role }) => {
        const account = await findUserByEmail(trx, email);
        const userId = account?.id ?? uuidv7();
        if (!account) {
          if (!passwordHash) throw fieldError('password', 'required');
          await insertUser(trx, {
            id: userId,
            email,
            full_name: input.full_name?.trim() ?? full_name,
            password_hash: passwordHash,
            is_superadmin: false,
          });
        }
        await insertPendingMembership(trx, userId, tenant.id, role);
        await useRegistrations(trx, tenant.id, email);
        await auditCentral(trx, origin, tenant.id, {
          action: 'registration.verify',
          target: { type: 'user', id: userId },
          after: { email, role, account: account ? 'existing' : 'new' },
        });
        return (await membershipIn(trx, userId, tenant.id))?.status ?? 'pending';
      });
      return verifying.catch((error: unknown) => {
        // The account was made meanwhile, at another school: this registration is now for an account that exists.
        if (violatesUnique(error, 'users_email_key')) return this.verify(tenant, proof, {}, origin);
        throw error;
      });
    },
  };
}
