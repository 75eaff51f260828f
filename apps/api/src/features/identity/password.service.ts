import type { Language } from '@preau/contracts/vocabulary';
import type { CentralScope, CentralTrx, Tenancy } from '@preau/tenancy';
import { AppError, fieldError } from '../../platform/app-error.ts';
import { auditCentral, type Origin, type UserActor } from '../audit/index.ts';
import type { TenantSnapshot } from '../current-tenant/index.ts';
import type { MailService } from '../mail/index.ts';
import { changeUser, findUser, lockProved, lockReset, useResetsOf } from './account.repository.ts';
import { PASSWORD_CHANGED, RESET_PASSWORD } from './account.mails.ts';
import { usable } from './mailed-link.ts';
import { digest, hashPassword, newSecret, type Passwords } from './secrets.ts';
import type { SessionService } from './session.service.ts';
import { findUserByEmail } from './user.repository.ts';

export type PasswordService = ReturnType<typeof createPasswordService>;

/** On the console, where no school says how long a password must be. */
export const CONSOLE_PASSWORD_LENGTH = 12;
export const passwordLength = (tenant: TenantSnapshot | null): number =>
  tenant?.settings.password_min_length ?? CONSOLE_PASSWORD_LENGTH;

/** @throws AppError on a password that is too short here. */
export function assertLongEnough(tenant: TenantSnapshot | null, password: string, field = 'password'): void {
  const limit = passwordLength(tenant);
  if (password.length < limit) throw fieldError(field, 'min_length', { limit });
}

/** Passwords: forgotten, changed, given anew by an operator. */
export function createPasswordService({
  tenancy,
  sessions,
  mails,
  passwords,
}: {
  tenancy: Tenancy;
  sessions: SessionService;
  mails: MailService;
  passwords: Passwords;
}) {
  /** The new password, and the end of all that the old one opened or had asked for. */
  async function replace(
    scope: CentralScope,
    userId: string,
    passwordHash: string,
    except?: string,
  ): Promise<void> {
    await changeUser(scope.trx, userId, { password_hash: passwordHash });
    await useResetsOf(scope.trx, userId);
    await sessions.endOf(scope, { userId, why: 'password_changed', ...(except ? { except } : {}) });
  }

  /**
   * Whether it is this person's password, for what is asked once more. Throws `invalid_input` on the field.
   * @returns what holds the person in the transaction that follows, and throws alike if the password changed meanwhile.
   */
  async function prove(
    actor: UserActor,
    password: string,
    origin: Origin,
    field = 'current_password',
  ): Promise<(trx: CentralTrx) => Promise<void>> {
    const user = await tenancy.central(({ trx }) => findUser(trx, actor.id), { readOnly: true });
    if (!(await passwords.verify(user?.password_hash, password))) {
      await tenancy.central(({ trx }) =>
        auditCentral(trx, origin, actor.tenantId, {
          action: 'user.refuse_password',
          target: { type: 'user', id: actor.id },
        }),
      );
      throw fieldError(field, 'wrong_password');
    }
    return async (trx) => {
      if (!(await lockProved(trx, actor.id, user?.password_hash ?? null)))
        throw fieldError(field, 'wrong_password');
    };
  }

  return {
    /** Asks for a link. Whether the address is known is looked up when the mail is written, not here. */
    async requestReset(
      tenant: TenantSnapshot | null,
      email: string,
      origin: Origin,
      language: Language,
    ): Promise<void> {
      await tenancy.central(async ({ trx }) => {
        await mails.enqueue(trx, {
          kind: RESET_PASSWORD,
          to: email,
          tenantId: tenant?.id ?? null,
          language,
          data: { token: newSecret() },
        });
        await auditCentral(trx, origin, tenant?.id ?? null, {
          action: 'user.request_reset',
          target: { type: 'email', id: email.trim().toLowerCase() },
        });
      });
    },

    /** A new password by the link of a mail, once. Throws as `usable` does. @returns the address of the account. */
    async confirmReset(
      tenant: TenantSnapshot | null,
      { token, password }: { token: string; password: string },
      origin: Origin,
      language: Language,
    ): Promise<string> {
      const tokenHash = digest(token);
      const find = async ({ trx }: CentralScope) => {
        const reset = usable(await lockReset(trx, tokenHash));
        // A link belongs to the address in it: the rule on passwords is its school's.
        if (reset.tenant_id !== (tenant?.id ?? null)) throw new AppError('link_unknown');
        return reset;
      };
      await tenancy.central(find);
      assertLongEnough(tenant, password);
      // Hashing takes a while: done before the transaction, which holds a connection.
      const passwordHash = await hashPassword(password);
      return tenancy.central(async (scope) => {
        const { user_id: userId, email } = await find(scope);
        await replace(scope, userId, passwordHash);
        await mails.enqueue(scope.trx, {
          kind: PASSWORD_CHANGED,
          to: email,
          tenantId: tenant?.id ?? null,
          language,
          data: {},
        });
        await auditCentral(scope.trx, origin, tenant?.id ?? null, {
          action: 'user.reset_password',
          target: { type: 'user', id: userId },
        });
        return email;
      });
    },

    prove,

    /** Changes one's own password; one's other sessions end, this one stays. */
    async change(
      tenant: TenantSnapshot | null,
      actor: UserActor,
      input: { current_password: string; new_password: string },
      origin: Origin,
      language: Language,
    ): Promise<void> {
      assertLongEnough(tenant, input.new_password, 'new_password');
      const stillProved = await prove(actor, input.current_password, origin);
      const passwordHash = await hashPassword(input.new_password);
      await tenancy.central(async (scope) => {
        await stillProved(scope.trx);
        await replace(scope, actor.id, passwordHash, actor.sessionId);
        await mails.enqueue(scope.trx, {
          kind: PASSWORD_CHANGED,
          to: actor.label,
          tenantId: tenant?.id ?? null,
          language,
          data: {},
        });
        await auditCentral(scope.trx, origin, tenant?.id ?? null, {
          action: 'user.change_password',
          target: { type: 'user', id: actor.id },
        });
      });
    },

    /** Gives a person a new password, made here, and ends all their sessions. Throws `not_found`. */
    async giveNew(origin: Origin, email: string): Promise<string> {
      const password = newSecret(15);
      const passwordHash = await hashPassword(password);
      await tenancy.central(async (scope) => {
        const user = await findUserByEmail(scope.trx, email);
        if (!user) throw new AppError('not_found');
        await replace(scope, user.id, passwordHash);
        await auditCentral(scope.trx, origin, null, {
          action: 'user.reset_password',
          target: { type: 'user', id: user.id },
        });
      });
      return password;
    },
  };
}
