import type { Role } from '@preau/contracts/vocabulary';
import type { Tenancy } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import { auditCentral, type Origin } from '../audit/index.ts';
import type { TenantSnapshot } from '../current-tenant/index.ts';
import type { Passwords } from './secrets.ts';
import type { OpenedSession, SessionService } from './session.service.ts';
import { findPerson, type User } from './user.repository.ts';

export type LogInService = ReturnType<typeof createLogInService>;

/** A person who has proved who they are, and what they are at this host. */
export interface KnownPerson {
  user: User;
  role: Role;
  /** Null on the console. */
  tenant: TenantSnapshot | null;
}

export interface LogInAttempt {
  email: string;
  password: string;
  /** The second factor, for those who have one. */
  code?: string | undefined;
}

/**
 * Asked between the right password and the session. Resolves when the person may enter, with whether they proved more than the
 * password; throws an AppError that says what is missing or wrong otherwise. Told of the attempt so that it can check the code
 * that came along.
 */
export type SecondFactorCheck = (
  person: KnownPerson,
  attempt: Pick<LogInAttempt, 'code'>,
  origin: Origin,
) => Promise<boolean>;

/** Logging in, in three stages: the password, the second factor, the session. */
export function createLogInService({
  tenancy,
  sessions,
  passwords,
  checkSecondFactor,
}: {
  tenancy: Tenancy;
  sessions: SessionService;
  passwords: Passwords;
  checkSecondFactor: SecondFactorCheck;
}) {
  const refused = (origin: Origin, tenant: TenantSnapshot | null, email: string) =>
    tenancy.central(({ trx }) =>
      auditCentral(trx, origin, tenant?.id ?? null, {
        action: 'session.refuse',
        target: { type: 'email', id: email.trim().toLowerCase().slice(0, 254) },
      }),
    );

  /**
   * Whose password it is. An unknown address, a stranger to the school and a wrong password are refused alike, after the
   * same work. Throws `invalid_credentials`, or `membership_pending` to who has the right password and waits for the school.
   */
  async function checkPassword(
    tenant: TenantSnapshot | null,
    { email, password }: Pick<LogInAttempt, 'email' | 'password'>,
    origin: Origin,
  ): Promise<KnownPerson> {
    const { user, membership } = await tenancy.central(
      ({ trx }) => findPerson(trx, email, tenant?.id ?? null),
      { readOnly: true },
    );
    const matches = await passwords.verify(user?.password_hash, password);
    if (user && matches) {
      if (!tenant && user.is_superadmin) return { user, role: 'superadmin', tenant };
      if (tenant && membership?.status === 'active') return { user, role: membership.role, tenant };
    }
    await refused(origin, tenant, email);
    if (matches && membership?.status === 'pending') throw new AppError('membership_pending');
    throw new AppError('invalid_credentials');
  }

  return {
    checkPassword,

    /** Logs in with e-mail and password, on the console (`tenant` null) or at a school. Throws as its stages do. */
    async logIn(
      tenant: TenantSnapshot | null,
      attempt: LogInAttempt,
      origin: Origin,
      userAgent: string | null,
    ): Promise<OpenedSession> {
      const person = await checkPassword(tenant, attempt, origin);
      const strong = await checkSecondFactor(person, attempt, origin);
      return sessions.open(person.user, person.role, tenant, origin, userAgent, strong);
    },
  };
}
