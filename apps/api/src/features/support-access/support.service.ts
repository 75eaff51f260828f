import type { Tenancy } from '@preau/tenancy';
import { together, type CentralScope } from '@preau/tenancy';
import { LRUCache } from 'lru-cache';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../platform/app-error.ts';
import { violatesUnique } from '../../platform/database-errors.ts';
import { auditCentral, type Actor, type Origin, type UserActor } from '../audit/index.ts';
import type { TenantSnapshot } from '../current-tenant/index.ts';
import { digest, findUser, newSecret, type OpenedSession, type SessionService } from '../identity/index.ts';
import type { MailService } from '../mail/index.ts';
import { ASKED } from './support.mails.ts';
import {
  administratorsOf,
  closeExpired,
  decide,
  endGrant,
  insertGrant,
  listGrants,
  lockGrant,
  setEntry,
  supportOf,
  takeEntry,
  type GrantRow,
} from './support.repository.ts';

export type SupportService = ReturnType<typeof createSupportService>;

/** Milliseconds from the link into a school to the session. */
const ENTRY_VALID = 60_000;
/** Milliseconds for which the answer to everybody's question is remembered. */
const REMEMBERED = 1_000;

const isLive = ({ status, expires_at }: GrantRow): boolean =>
  status === 'granted' && expires_at !== null && expires_at.getTime() > Date.now();

/** People of the platform act in person here. */
function personOf({ actor }: Origin): UserActor {
  if (actor.type !== 'user')
    throw new AppError('permission_denied', { details: { permission: 'support:ask' } });
  return actor;
}

/**
 * Support by consent: somebody of the platform asks, an administrator of the school lets them in for some hours, either ends it.
 * Sessions live by the grant: they end with it in every process, and carry it into every row of the trail.
 */
export function createSupportService({
  tenancy,
  sessions,
  mails,
}: {
  tenancy: Tenancy;
  sessions: SessionService;
  mails: MailService;
}) {
  const remembered = new LRUCache<string, Awaited<ReturnType<typeof supportOf>>>({
    max: 5_000,
    ttl: REMEMBERED,
  });

  const put = (
    { trx }: CentralScope,
    origin: Origin,
    action: string,
    { tenant_id, id }: GrantRow,
    more: { before?: object; after?: object } = {},
  ) =>
    auditCentral(trx, origin, tenant_id, {
      action: `support.${action}`,
      target: { type: 'support_grant', id },
      ...more,
    });

  async function locked({ trx, afterCommit }: CentralScope, tenantId: string, id: string): Promise<GrantRow> {
    const row = await lockGrant(trx, tenantId, id);
    if (!row) throw new AppError('not_found');
    afterCommit(() => void remembered.delete(tenantId));
    return row;
  }

  async function finish(scope: CentralScope, origin: Origin, row: GrantRow): Promise<GrantRow> {
    if (row.status !== 'asked' && !isLive(row)) throw new AppError('support_not_granted');
    const ended = await endGrant(scope.trx, row.id, origin.actor.label);
    await sessions.endOfGrant(scope, row.id);
    await put(scope, origin, row.status === 'asked' ? 'withdraw' : 'end', row);
    return ended;
  }

  return {
    /** Throws `not_found` for a school that does not exist. */
    list: (tenantId: string): Promise<GrantRow[]> =>
      tenancy.central(
        async ({ trx }) => {
          const [rows, school] = await together([
            listGrants(trx, tenantId),
            trx.raw('SELECT FROM public.tenants WHERE id = ?', [tenantId]),
          ]);
          if ((school as { rowCount: number }).rowCount === 0) throw new AppError('not_found');
          return rows;
        },
        { readOnly: true },
      ),

    /** Asks a school to be let in, and tells its administrators by mail. One request of a person at a time. */
    async ask(origin: Origin, tenantId: string, reason: string): Promise<GrantRow> {
      const { id: asked_by, label: asked_by_label } = personOf(origin);
      try {
        return await tenancy.central(async (scope) => {
          const { trx, afterCommit } = scope;
          const { rows } = await trx.raw(
            `SELECT provisioned_at, settings->>'language' AS language FROM public.tenants WHERE id = ? FOR KEY SHARE`,
            [tenantId],
          );
          if (!rows[0]) throw new AppError('not_found');
          if (!rows[0].provisioned_at) throw new AppError('not_provisioned');
          await closeExpired(trx, tenantId);
          const row = await insertGrant(trx, {
            id: uuidv7(),
            tenant_id: tenantId,
            reason: reason.trim(),
            asked_by,
            asked_by_label,
          });
          await put(scope, origin, 'ask', row, { after: { reason: row.reason } });
          for (const to of await administratorsOf(trx, tenantId))
            await mails.enqueue(trx, {
              kind: ASKED,
              to,
              tenantId,
              language: rows[0].language,
              data: { by: asked_by_label, reason: row.reason },
            });
          afterCommit(() => void remembered.delete(tenantId));
          return row;
        });
      } catch (error) {
        if (violatesUnique(error, 'support_grants_open_key'))
          throw new AppError('support_open', { cause: error });
        throw error;
      }
    },

    /** An administrator of the school answers: with the hours, or with no. */
    answer: (origin: Origin, tenantId: string, id: string, hours: number | null): Promise<GrantRow> =>
      tenancy.central(async (scope) => {
        const { id: by, label } = personOf(origin);
        const row = await locked(scope, tenantId, id);
        if (row.status !== 'asked') throw new AppError('support_decided');
        const decided = await decide(scope.trx, id, { id: by, label }, hours);
        await put(
          scope,
          origin,
          hours === null ? 'refuse' : 'grant',
          decided,
          hours === null ? {} : { after: { hours, until: decided.expires_at, to: row.asked_by_label } },
        );
        return decided;
      }),

    /** Ends it at once, from either side; a request that nobody has answered is taken back. */
    end: (origin: Origin, tenantId: string, id: string): Promise<GrantRow> =>
      tenancy.central(async (scope) => finish(scope, origin, await locked(scope, tenantId, id))),

    /** The way into the school, for who asked and was let in. */
    entry: (
      origin: Origin,
      tenantId: string,
      id: string,
    ): Promise<{ token: string; host: string; expiresAt: Date }> =>
      tenancy.central(async (scope) => {
        const row = await locked(scope, tenantId, id);
        if (row.asked_by !== personOf(origin).id || !isLive(row)) throw new AppError('support_not_granted');
        const token = newSecret();
        const expiresAt = new Date(Date.now() + ENTRY_VALID);
        await setEntry(scope.trx, id, digest(token), expiresAt);
        await put(scope, origin, 'enter', row);
        const { rows } = await scope.trx.raw(
          'SELECT domain FROM public.domains WHERE tenant_id = ? AND is_primary',
          [tenantId],
        );
        return { token, host: String(rows[0]?.domain), expiresAt };
      }),

    /** Opens the session of a way in, which is used up. */
    async arrive(
      tenant: TenantSnapshot,
      token: string,
      origin: Origin,
      userAgent: string | null,
    ): Promise<OpenedSession> {
      const taken = await tenancy.central(async ({ trx }) => {
        const row = await takeEntry(trx, tenant.id, digest(token));
        const user = row ? await findUser(trx, row.asked_by) : undefined;
        return row && user?.is_superadmin ? { row, user } : null;
      });
      if (!taken) throw new AppError('support_not_granted');
      const { row, user } = taken;
      return sessions.open(user, 'admin', tenant, origin, userAgent, true, {
        id: row.id,
        grantor: { id: String(row.decided_by), label: String(row.decided_by_label) },
        endsAt: row.expires_at as Date,
      });
    },

    /** The one by whose grant a session is here ends it. */
    async leave(origin: Origin, tenantId: string): Promise<void> {
      const grant = origin.actor.type === 'user' ? origin.actor.support : undefined;
      if (!grant) throw new AppError('support_not_granted');
      await tenancy.central(async (scope) => finish(scope, origin, await locked(scope, tenantId, grant.id)));
    },

    /** Who is let in now. Everybody's pages ask again and again: a school is looked up once a second. */
    async now(
      tenantId: string,
      actor: Actor,
    ): Promise<{ active: GrantRow[]; asked: number; mine: string | null }> {
      let known = remembered.get(tenantId);
      if (!known) {
        known = await tenancy.central(({ trx }) => supportOf(trx, tenantId), { readOnly: true });
        remembered.set(tenantId, known);
      }
      const person = actor.type === 'user' ? actor : null;
      return {
        active: known.active.filter(isLive),
        asked: person?.role === 'admin' && !person.support ? known.asked : 0,
        mine: person?.support?.id ?? null,
      };
    },
  };
}
