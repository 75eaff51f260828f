import { LRUCache } from 'lru-cache';
import type { Role } from '@preau/contracts/vocabulary';
import { publishChange, together, type CentralScope, type Tenancy } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../platform/app-error.ts';
import { auditCentral, type Origin, type SupportGrant, type UserActor } from '../audit/index.ts';
import type { TenantSnapshot } from '../current-tenant/index.ts';
import { digest, newSecret } from './secrets.ts';
import {
  countActive,
  deleteSession,
  deleteSessionsOf,
  deleteSessionsOfGrant,
  extendSession,
  findSession,
  insertSession,
  sessionIdsOf,
  standingSessions,
  strengthenSession,
  type SessionRow,
  type SessionsOf,
} from './session.repository.ts';
import type { User } from './user.repository.ts';

export type SessionService = ReturnType<typeof createSessionService>;

/** Minutes without a request after which a console session ends; a school's is its own setting. */
const CONSOLE_TIMEOUT_MINUTES = 480;
const EXTEND_EVERY = 60_000;

interface KnownSession {
  row: SessionRow;
  extendedAt: number;
}

export interface OpenedSession {
  token: string;
  actor: UserActor;
}

/**
 * Sessions: a random token in a host-only cookie, its hash in the database, bound to the console or to one school.
 * Kept in memory for half a minute, and forgotten at once when the change feed says that one ended.
 */
export function createSessionService({
  tenancy,
  strictConsole = false,
}: {
  tenancy: Tenancy;
  /** Whether the console demands a second factor. */
  strictConsole?: boolean;
}) {
  const known = new LRUCache<string, KnownSession>({ max: 20_000, ttl: 30_000 });
  // A session read before its end and kept after it would live on: what was read meanwhile is not kept.
  let generation = 0;
  // While ends are not heard of, every request asks the database.
  let doubtful = false;

  function forgetWhere(ended: (row: SessionRow) => boolean): void {
    generation += 1;
    for (const [key, { row }] of known.entries()) if (ended(row)) known.delete(key);
  }

  const timeoutOf = (row: Pick<SessionRow, 'timeout_minutes'>) =>
    (row.timeout_minutes ?? CONSOLE_TIMEOUT_MINUTES) * 60_000;

  /** Whether a second factor is demanded of this role: of super-admins, and of administrators where their school wants it. */
  const demandsMore = (role: Role, schoolDemands: boolean | null | undefined): boolean =>
    role === 'superadmin' ? strictConsole : role === 'admin' && schoolDemands === true;

  /** What somebody is where their session was opened; in a school that let them in, what its administrators are. */
  function roleOf(row: SessionRow): Role | null {
    if (row.tenant_id === null) return row.is_superadmin ? 'superadmin' : null;
    if (row.grant_id === null) return row.role;
    return row.is_superadmin && (row.grant_ends_at?.getTime() ?? 0) > Date.now() ? 'admin' : null;
  }

  const supportOf = ({ grant_id: id, grantor_id, grantor_label }: SessionRow): { support?: SupportGrant } =>
    id === null ? {} : { support: { id, grantor: { id: String(grantor_id), label: String(grantor_label) } } };

  function toActor(row: SessionRow): UserActor | null {
    const role = roleOf(row);
    if (!role) return null;
    return {
      type: 'user',
      id: row.user_id,
      label: row.email,
      fullName: row.full_name,
      role,
      tenantId: row.tenant_id,
      sessionId: row.id,
      expiresAt: row.expires_at,
      mustEnrol: !row.strong && demandsMore(role, row.require_second_factor),
      ...supportOf(row),
    };
  }

  async function load(key: string, tokenHash: Buffer): Promise<KnownSession | undefined> {
    const began = generation;
    const row = await tenancy.central(({ trx }) => findSession(trx, tokenHash), { readOnly: true });
    if (!row) return undefined;
    const entry = { row, extendedAt: row.expires_at.getTime() - timeoutOf(row) };
    if (began === generation && !doubtful) known.set(key, entry);
    return entry;
  }

  async function open(
    user: User,
    role: Role,
    tenant: TenantSnapshot | null,
    origin: Origin,
    userAgent: string | null,
    strong = false,
    grant?: SupportGrant & { endsAt: Date },
  ): Promise<OpenedSession> {
    const token = newSecret();
    const minutes = tenant?.settings.session_timeout_minutes ?? CONSOLE_TIMEOUT_MINUTES;
    const expiresAt = new Date(Math.min(Date.now() + minutes * 60_000, grant?.endsAt.getTime() ?? Infinity));
    const actor: UserActor = {
      type: 'user',
      id: user.id,
      label: user.email,
      fullName: user.full_name,
      role,
      tenantId: tenant?.id ?? null,
      sessionId: uuidv7(),
      expiresAt,
      mustEnrol: !strong && demandsMore(role, tenant?.settings.require_second_factor),
      ...(grant ? { support: { id: grant.id, grantor: grant.grantor } } : {}),
    };
    await tenancy.central(async ({ trx }) => {
      const opened = await insertSession(trx, {
        id: actor.sessionId,
        tokenHash: digest(token),
        userId: user.id,
        passwordHash: user.password_hash,
        tenantId: actor.tenantId,
        ip: origin.ip,
        userAgent,
        expiresAt,
        strong,
        grantId: grant?.id ?? null,
      });
      if (!opened) throw new AppError('invalid_credentials');
      if (actor.tenantId) await countActive(trx, user.id, actor.tenantId);
      await auditCentral(trx, { ...origin, actor }, actor.tenantId, {
        action: 'session.open',
        target: { type: 'user', id: user.id },
        ...(strong ? { after: { second_factor: true } } : {}),
      });
    });
    return { token, actor };
  }

  return {
    open,
    demandsMore,

    /** Its person has proved more than a password meanwhile: in the caller's transaction. */
    async strengthen({ trx, afterCommit }: CentralScope, sessionId: string): Promise<void> {
      await strengthenSession(trx, sessionId);
      await publishChange(trx, { kind: 'session', id: sessionId });
      afterCommit(() => forgetWhere(({ id }) => id === sessionId));
    },

    /** The person of a session in memory that wants no writing down; null when {@link authenticate} is to be asked. */
    recall(token: string): UserActor | null {
      if (doubtful || token.length !== 43) return null;
      const session = known.get(digest(token).toString('base64url'));
      if (!session) return null;
      const now = Date.now();
      if (session.row.expires_at.getTime() <= now || now - session.extendedAt > EXTEND_EVERY) return null;
      return toActor(session.row);
    },

    /** The person of a cookie's token; null when the session has ended. Its time begins anew, unless nobody is using it. */
    async authenticate(token: string, { isUse = true }: { isUse?: boolean } = {}): Promise<UserActor | null> {
      if (token.length !== 43) return null;
      const tokenHash = digest(token);
      const key = tokenHash.toString('base64url');
      const session = (doubtful ? undefined : known.get(key)) ?? (await load(key, tokenHash));
      if (!session || session.row.expires_at.getTime() <= Date.now()) return null;
      if (isUse && Date.now() - session.extendedAt > EXTEND_EVERY) {
        session.extendedAt = Date.now();
        const ends = session.row.grant_ends_at?.getTime() ?? Infinity;
        const expiresAt = new Date(Math.min(Date.now() + timeoutOf(session.row), ends));
        session.row = { ...session.row, expires_at: expiresAt };
        if (!(await tenancy.central(({ trx }) => extendSession(trx, session.row, expiresAt)))) {
          known.delete(key);
          return null;
        }
      }
      return toActor(session.row);
    },

    async logOut(token: string, origin: Origin): Promise<void> {
      const tokenHash = digest(token);
      await tenancy.central(async ({ trx, afterCommit }) => {
        const row = await findSession(trx, tokenHash);
        if (!row) return;
        await deleteSession(trx, row.id);
        // The route is open to anyone: whose session it was is known only here.
        const actor = toActor(row) ?? origin.actor;
        await auditCentral(trx, { ...origin, actor }, row.tenant_id, {
          action: 'session.close',
          target: { type: 'user', id: row.user_id },
        });
        await publishChange(trx, { kind: 'session', id: row.id, why: 'logged_out' });
        afterCommit(() => forgetWhere(({ id }) => id === row.id));
      });
    },

    /** A session of another host was presented here: refused, and remembered. */
    async refuseWrongHost(actor: UserActor, origin: Origin, tenant: TenantSnapshot | null): Promise<never> {
      await tenancy.central(({ trx }) =>
        auditCentral(trx, { ...origin, actor }, tenant?.id ?? null, {
          action: 'session.wrong_host',
          target: { type: 'session', id: actor.sessionId },
          before: { tenant_id: actor.tenantId },
        }),
      );
      throw new AppError('wrong_host');
    },

    /**
     * Ends sessions of a person in the caller's transaction: those of one school (null: of the console), or all. For whoever
     * changes a role or a password, or takes a member out. `only` and `except` are ids of sessions. @returns how many ended.
     */
    async endOf({ trx, afterCommit }: CentralScope, person: SessionsOf): Promise<number> {
      const ended = await deleteSessionsOf(trx, person);
      const why = person.why === undefined ? {} : { why: person.why };
      await together(ended.map((id) => publishChange(trx, { kind: 'session', id, ...why })));
      const gone = new Set(ended);
      afterCommit(() => forgetWhere(({ id }) => gone.has(id)));
      return ended.length;
    },

    /** Ends the sessions that live by a school's leave, in the caller's transaction. */
    async endOfGrant({ trx, afterCommit }: CentralScope, grantId: string): Promise<void> {
      const ended = await deleteSessionsOfGrant(trx, grantId);
      await together(ended.map((id) => publishChange(trx, { kind: 'session', id, why: 'support_ended' })));
      afterCommit(() => forgetWhere((row) => row.grant_id === grantId));
    },

    /** Which of these sessions stand, as the database says now, with their ends. */
    async standing(ids: readonly string[]): Promise<Map<string, Date>> {
      if (ids.length === 0) return new Map();
      const rows = await tenancy.central(({ trx }) => standingSessions(trx, ids), { readOnly: true });
      return new Map(rows.map(({ id, expires_at: ends }) => [id, ends]));
    },

    /** What sessions know of a person has changed, not whether they stand: all processes read them again. */
    async refreshOf({ trx, afterCommit }: CentralScope, userId: string): Promise<void> {
      const ids = await sessionIdsOf(trx, userId);
      await together(ids.map((id) => publishChange(trx, { kind: 'session', id })));
      afterCommit(() => forgetWhere((row) => row.user_id === userId));
    },

    /** Ends are not heard of (true), or are again: as the feed of changes says. */
    distrust(doubt: boolean): void {
      doubtful = doubt;
    },

    forget: (id: string) => forgetWhere((row) => row.id === id),
    forgetTenant: (tenantId: string) => forgetWhere((row) => row.tenant_id === tenantId),
    forgetAll: () => forgetWhere(() => true),
  };
}
