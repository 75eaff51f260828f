import type { Language } from '@preau/contracts/vocabulary';
import type { Tenancy } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import { violatesUnique } from '../../platform/database-errors.ts';
import { auditCentral, type Origin, type UserActor } from '../audit/index.ts';
import type { TenantSnapshot } from '../current-tenant/index.ts';
import type { MailService } from '../mail/index.ts';
import { CONFIRM_EMAIL, EMAIL_CHANGED, SCHOOLS } from './account.mails.ts';
import { schoolsOf, sessionsOf } from './account.read-model.ts';
import { changeUser, insertEmailChange, lockEmailChange, useResetsOf } from './account.repository.ts';
import { usable } from './mailed-link.ts';
import type { PasswordService } from './password.service.ts';
import { digest, newSecret } from './secrets.ts';
import type { SessionService } from './session.service.ts';
import { findUserByEmail } from './user.repository.ts';

export type AccountService = ReturnType<typeof createAccountService>;

const EMAIL_VALID_FOR = 24 * 3_600_000;

/** What people do with their own account: name, address, sessions, schools. */
export function createAccountService({
  tenancy,
  sessions,
  mails,
  accountPasswords,
  urlOf,
}: {
  tenancy: Tenancy;
  sessions: SessionService;
  mails: MailService;
  accountPasswords: PasswordService;
  urlOf: (host: string) => string;
}) {
  return {
    urlOf,

    rename: (actor: UserActor, fullName: string, origin: Origin): Promise<UserActor> =>
      tenancy.central(async (scope) => {
        await changeUser(scope.trx, actor.id, { full_name: fullName });
        await sessions.refreshOf(scope, actor.id);
        await auditCentral(scope.trx, origin, actor.tenantId, {
          action: 'user.update',
          target: { type: 'user', id: actor.id },
          before: { full_name: actor.fullName },
          after: { full_name: fullName },
        });
        return { ...actor, fullName };
      }),

    /** A link goes to the new address; until it is used nothing changes. */
    async requestEmail(
      tenant: TenantSnapshot | null,
      actor: UserActor,
      input: { email: string; current_password: string },
      origin: Origin,
      language: Language,
    ): Promise<void> {
      const stillProved = await accountPasswords.prove(actor, input.current_password, origin);
      const token = newSecret();
      const email = input.email.trim().toLowerCase();
      await tenancy.central(async ({ trx }) => {
        await stillProved(trx);
        await insertEmailChange(trx, {
          tokenHash: digest(token),
          userId: actor.id,
          email,
          expiresAt: new Date(Date.now() + EMAIL_VALID_FOR),
        });
        await mails.enqueue(trx, {
          kind: CONFIRM_EMAIL,
          to: email,
          tenantId: tenant?.id ?? null,
          language,
          data: { token },
        });
        await auditCentral(trx, origin, actor.tenantId, {
          action: 'user.request_email',
          target: { type: 'user', id: actor.id },
          after: { email },
        });
      });
    },

    /**
     * The new address, proved by its link; the old one is told, and the person's sessions end, except the one of the browser
     * in which the link is opened (`here`). Throws as `usable` does, or `email_taken`.
     */
    async confirmEmail(
      tenant: TenantSnapshot | null,
      token: string,
      here: UserActor | null,
      origin: Origin,
      language: Language,
    ): Promise<string> {
      const tokenHash = digest(token);
      const confirming = tenancy.central(async (scope) => {
        const { trx } = scope;
        const change = usable(await lockEmailChange(trx, tokenHash));
        await changeUser(trx, change.user_id, { email: change.email, email_verified_at: new Date() });
        // Whoever reads the old mailbox must not come back by a link that lies there.
        await useResetsOf(trx, change.user_id);
        await sessions.endOf(scope, {
          userId: change.user_id,
          ...(here?.id === change.user_id ? { except: here.sessionId } : {}),
        });
        await sessions.refreshOf(scope, change.user_id);
        await mails.enqueue(trx, {
          kind: EMAIL_CHANGED,
          to: change.former,
          tenantId: tenant?.id ?? null,
          language,
          data: { email: change.email },
        });
        await auditCentral(trx, origin, tenant?.id ?? null, {
          action: 'user.change_email',
          target: { type: 'user', id: change.user_id },
          before: { email: change.former },
          after: { email: change.email },
        });
        return change.email;
      });
      return confirming.catch((error: unknown) => {
        // Another account took the address since the link was mailed.
        throw violatesUnique(error, 'users_email_key') ? new AppError('email_taken') : error;
      });
    },

    sessions: (actor: UserActor) =>
      tenancy.central(({ trx }) => sessionsOf(trx, actor.id), { readOnly: true }),

    /** Ends one of one's own sessions. Throws `not_found`, for those of others too. */
    async endSession(actor: UserActor, id: string, origin: Origin): Promise<void> {
      await tenancy.central(async (scope) => {
        if ((await sessions.endOf(scope, { userId: actor.id, only: id })) === 0)
          throw new AppError('not_found');
        await auditCentral(scope.trx, origin, actor.tenantId, {
          action: 'session.end',
          target: { type: 'session', id },
        });
      });
    },

    endOthers: (actor: UserActor, origin: Origin): Promise<number> =>
      tenancy.central(async (scope) => {
        const ended = await sessions.endOf(scope, { userId: actor.id, except: actor.sessionId });
        await auditCentral(scope.trx, origin, actor.tenantId, {
          action: 'session.end_others',
          target: { type: 'user', id: actor.id },
          after: { ended },
        });
        return ended;
      }),

    /** For operators. Throws `not_found`. */
    sessionsOfEmail: (email: string) =>
      tenancy.central(
        async ({ trx }) => {
          const user = await findUserByEmail(trx, email);
          if (!user) throw new AppError('not_found');
          return sessionsOf(trx, user.id);
        },
        { readOnly: true },
      ),

    /** For operators: ends a person's sessions everywhere. Throws `not_found`. */
    endAllOf: (origin: Origin, email: string): Promise<number> =>
      tenancy.central(async (scope) => {
        const user = await findUserByEmail(scope.trx, email);
        if (!user) throw new AppError('not_found');
        const ended = await sessions.endOf(scope, { userId: user.id });
        await auditCentral(scope.trx, origin, null, {
          action: 'session.end_all',
          target: { type: 'user', id: user.id },
          after: { ended },
        });
        return ended;
      }),

    schools: (actor: UserActor) => tenancy.central(({ trx }) => schoolsOf(trx, actor.id), { readOnly: true }),

    /** Mails an address its schools. The same work here for every address. */
    async discover(email: string, language: Language): Promise<void> {
      await tenancy.central(({ trx }) =>
        mails.enqueue(trx, { kind: SCHOOLS, to: email, tenantId: null, language, data: {} }),
      );
    },
  };
}
