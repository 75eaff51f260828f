import type { Language } from '@preau/contracts/vocabulary';
import type { CentralScope, CentralTrx, Tenancy } from '@preau/tenancy';
import { AppError, fieldError } from '../../platform/app-error.ts';
import type { SecretKeys } from '../../platform/secret-keys.ts';
import { auditCentral, type Origin, type UserActor } from '../audit/index.ts';
import type { TenantSnapshot } from '../current-tenant/index.ts';
import {
  findUser,
  findUserByEmail,
  type PasswordService,
  type SecondFactorCheck,
  type SessionService,
} from '../identity/index.ts';
import type { MailService } from '../mail/index.ts';
import { recoveryMarks, takeCode, TOTP_PURPOSE } from './one-time-proof.ts';
import { newRecoveryCodes, plainRecoveryCode } from './recovery-codes.ts';
import { SECOND_FACTOR_CHANGED, type SecondFactorChange } from './second-factor.mails.ts';
import { deletePasskeysOf } from './passkey.repository.ts';
import {
  beginTotp,
  confirmTotp,
  deleteTotp,
  factorsOf,
  lockTotp,
  replaceRecoveryCodes,
  sessionIsStrong,
  takeStep,
} from './second-factor.repository.ts';
import { newEnrolment, stepOf, type Enrolment } from './totp.ts';

export type SecondFactorService = ReturnType<typeof createSecondFactorService>;

/** Where a person is while they change their second factor, and in which words they are told. */
export interface Here {
  tenant: TenantSnapshot | null;
  origin: Origin;
  language: Language;
}

export interface Proof {
  current_password: string;
  code?: string | undefined;
}

/** The second factor: an authenticator application, and recovery codes for the day it is lost. */
export function createSecondFactorService({
  tenancy,
  sessions,
  accountPasswords,
  mails,
  secrets,
  issuer,
}: {
  tenancy: Tenancy;
  sessions: SessionService;
  accountPasswords: PasswordService;
  mails: MailService;
  secrets: SecretKeys;
  /** What an application shows beside the address. */
  issuer: string;
}) {
  /** The audit row and the mail of a change, in its transaction. */
  async function tell(
    trx: CentralTrx,
    { tenant, origin, language }: Here,
    person: { id: string; email: string },
    what: SecondFactorChange,
    action: string,
    after?: Record<string, unknown>,
  ): Promise<void> {
    await auditCentral(trx, origin, tenant?.id ?? null, {
      action,
      target: { type: 'user', id: person.id },
      ...(after ? { after } : {}),
    });
    await mails.enqueue(trx, {
      kind: SECOND_FACTOR_CHANGED,
      to: person.email,
      tenantId: tenant?.id ?? null,
      language,
      data: { what },
    });
  }

  const refuse = (trx: CentralTrx, tenantId: string | null, userId: string, origin: Origin): Promise<void> =>
    auditCentral(trx, origin, tenantId, {
      action: 'second_factor.refuse',
      target: { type: 'user', id: userId },
    });

  /** New codes in the place of the old ones, in the caller's transaction. */
  async function makeCodes(trx: CentralTrx, userId: string): Promise<string[]> {
    const codes = newRecoveryCodes();
    const marks = codes.map((code) => recoveryMarks(secrets, userId, plainRecoveryCode(code) ?? '')[0]);
    await replaceRecoveryCodes(trx, userId, marks as Buffer[]);
    return codes;
  }

  const personOf = ({ id, label }: UserActor) => ({ id, email: label });

  /** Who has a passkey somewhere must have come in with more than the password to set up another factor for all places. */
  async function assertStrongEnough(trx: CentralTrx, actor: UserActor): Promise<void> {
    const { passkeys } = await factorsOf(trx, actor.id, actor.tenantId);
    if (passkeys > 0 && !(await sessionIsStrong(trx, actor.sessionId)))
      throw new AppError('second_factor_required');
  }

  /** Without an application there is no code to ask for: then a session that a passkey opened will do. */
  async function assertPasskeySession(trx: CentralTrx, actor: UserActor): Promise<void> {
    const { totp_since, passkeys } = await factorsOf(trx, actor.id, actor.tenantId);
    if (totp_since || passkeys === 0 || !(await sessionIsStrong(trx, actor.sessionId)))
      throw fieldError('code', 'required');
  }

  /** What follows from a first or another factor, in the caller's transaction. @returns recovery codes for who had none left. */
  async function begun(
    scope: CentralScope,
    actor: UserActor,
    here: Here,
    what: SecondFactorChange,
    action: string,
    after?: Record<string, unknown>,
  ): Promise<string[] | null> {
    const { recovery_codes } = await factorsOf(scope.trx, actor.id, actor.tenantId);
    const codes = recovery_codes > 0 ? null : await makeCodes(scope.trx, actor.id);
    await sessions.strengthen(scope, actor.sessionId);
    await tell(scope.trx, here, personOf(actor), what, action, after);
    return codes;
  }

  /** What follows from a factor less: recovery codes go with the last one. */
  async function lessened(
    { trx }: CentralScope,
    actor: UserActor,
    here: Here,
    what: SecondFactorChange,
    action: string,
    after?: Record<string, unknown>,
  ): Promise<void> {
    const { totp_since, passkeys } = await factorsOf(trx, actor.id, actor.tenantId);
    if (!totp_since && passkeys === 0) await replaceRecoveryCodes(trx, actor.id, []);
    await tell(trx, here, personOf(actor), what, action, after);
  }

  /**
   * The password and a code, for what must not be done by whoever finds a browser open. @returns how the code was made, and what
   * holds the password in the transaction that follows.
   */
  async function prove(actor: UserActor, proof: Proof, origin: Origin) {
    const stillProved = await accountPasswords.prove(actor, proof.current_password, origin);
    if (proof.code === undefined) {
      await tenancy.central(({ trx }) => assertPasskeySession(trx, actor), { readOnly: true });
      return { provedBy: 'passkey' as const, stillProved };
    }
    const provedBy = await takeCode({ tenancy, secrets }, actor.id, proof.code);
    if (!provedBy) {
      await tenancy.central(({ trx }) => refuse(trx, actor.tenantId, actor.id, origin));
      throw fieldError('code', 'one_time_code');
    }
    return { provedBy, stillProved };
  }

  /**
   * For the log-in, after the password. An application counts everywhere, a passkey where it can be used. Throws
   * `second_factor_required` or `second_factor_invalid`.
   */
  const check: SecondFactorCheck = async ({ user, tenant }, { code }, origin) => {
    const { totp_since, passkeys_here, recovery_codes } = await tenancy.central(
      ({ trx }) => factorsOf(trx, user.id, tenant?.id ?? null),
      { readOnly: true },
    );
    if (!totp_since && passkeys_here === 0) return false;
    if (!code?.trim()) {
      const methods = [
        ...(totp_since ? ['totp'] : []),
        ...(passkeys_here > 0 ? ['passkey'] : []),
        ...(recovery_codes > 0 ? ['recovery_code'] : []),
      ];
      throw new AppError('second_factor_required', { extensions: { methods } });
    }
    const provedBy = await takeCode({ tenancy, secrets }, user.id, code);
    if (provedBy === 'totp') return true;
    await tenancy.central(async ({ trx }) => {
      const here = { tenant, origin, language: tenant?.settings.language ?? 'fr' } as const;
      if (provedBy) return tell(trx, here, user, 'code_used', 'second_factor.use_recovery_code');
      return refuse(trx, tenant?.id ?? null, user.id, origin);
    });
    if (!provedBy) throw new AppError('second_factor_invalid');
    return true;
  };

  return {
    check,
    begun,
    lessened,

    status: (actor: UserActor, tenant: TenantSnapshot | null) =>
      tenancy.central(
        async ({ trx }) => ({
          ...(await factorsOf(trx, actor.id, actor.tenantId)),
          required: sessions.demandsMore(actor.role, tenant?.settings.require_second_factor),
          missing: actor.mustEnrol,
          hasPassword: Boolean((await findUser(trx, actor.id))?.password_hash),
        }),
        { readOnly: true },
      ),

    /** A secret to be shown to an application; in force once confirmed. Throws `second_factor_exists`. */
    async begin(actor: UserActor, password: string, { tenant, origin }: Here): Promise<Enrolment> {
      const stillProved = await accountPasswords.prove(actor, password, origin);
      const enrolment = newEnrolment(actor.label, issuer);
      const sealed = secrets.seal(TOTP_PURPOSE, actor.id, enrolment.secret);
      await tenancy.central(async ({ trx }) => {
        await stillProved(trx);
        await assertStrongEnough(trx, actor);
        if (!(await beginTotp(trx, actor.id, sealed))) throw new AppError('second_factor_exists');
        await auditCentral(trx, origin, tenant?.id ?? null, {
          action: 'second_factor.begin',
          target: { type: 'user', id: actor.id },
        });
      });
      return enrolment;
    },

    /**
     * The first code. One's other sessions, opened with less, end. @returns recovery codes, unless there are some that were
     * never used up.
     */
    confirm: (actor: UserActor, code: string, here: Here): Promise<string[] | null> =>
      tenancy.central(async (scope: CentralScope) => {
        const { trx } = scope;
        const row = await lockTotp(trx, actor.id);
        if (!row || row.confirmed_at) throw new AppError('second_factor_not_begun');
        const secret = secrets.open(TOTP_PURPOSE, actor.id, row.sealed_secret);
        const step = stepOf(secret, code.replace(/\s/g, ''), Date.now(), null);
        if (step === null) throw fieldError('code', 'one_time_code');
        await confirmTotp(trx, actor.id);
        await takeStep(trx, actor.id, step);
        await sessions.endOf(scope, { userId: actor.id, except: actor.sessionId });
        return begun(scope, actor, here, 'totp_on', 'second_factor.enable');
      }),

    async disable(actor: UserActor, proof: Proof, here: Here): Promise<void> {
      const { provedBy, stillProved } = await prove(actor, proof, here.origin);
      await tenancy.central(async (scope) => {
        await stillProved(scope.trx);
        if (!(await deleteTotp(scope.trx, actor.id))) throw new AppError('not_found');
        await lessened(scope, actor, here, 'totp_off', 'second_factor.disable', { proved_by: provedBy });
      });
    },

    async renewCodes(actor: UserActor, proof: Proof, here: Here): Promise<string[]> {
      const { provedBy, stillProved } = await prove(actor, proof, here.origin);
      return tenancy.central(async ({ trx }) => {
        await stillProved(trx);
        const codes = await makeCodes(trx, actor.id);
        await tell(trx, here, personOf(actor), 'codes_renewed', 'second_factor.renew_codes', {
          proved_by: provedBy,
        });
        return codes;
      });
    },

    /** For operators: takes all of it away, and ends the person's sessions. Throws `not_found`. */
    reset: (origin: Origin, email: string): Promise<{ totp: boolean; passkeys: number; ended: number }> =>
      tenancy.central(async (scope) => {
        const user = await findUserByEmail(scope.trx, email);
        if (!user) throw new AppError('not_found');
        const totp = await deleteTotp(scope.trx, user.id);
        const passkeys = await deletePasskeysOf(scope.trx, user.id);
        await replaceRecoveryCodes(scope.trx, user.id, []);
        const ended = await sessions.endOf(scope, { userId: user.id });
        const here: Here = { tenant: null, origin, language: 'fr' };
        await tell(scope.trx, here, user, 'reset', 'second_factor.reset', {
          totp,
          passkeys,
          sessions_ended: ended,
        });
        return { totp, passkeys, ended };
      }),
  };
}
