import { createHash, randomBytes } from 'node:crypto';
import type { SchoolRole } from '@preau/contracts/vocabulary';
import type { Tenancy, TenantTrx } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import { auditCentral, type Actor, type Origin } from '../audit/index.ts';
import type { TenantSnapshot } from '../current-tenant/index.ts';
import { calendarFile } from './calendar-file.ts';
import { listSeries } from './event.read-model.ts';
import type { EventOptions } from './event.service.ts';

export type FeedService = ReturnType<typeof createFeedService>;

/** Days that a subscribed calendar goes back, and events that it holds. */
const PAST_DAYS = 90;
const MOST_EVENTS = 2_000;
/** A use is written down once in so many minutes. */
const USE_MINUTES = 10;

interface Feed {
  created_at: Date;
  last_used_at: Date | null;
}

interface FeedOptions extends Pick<EventOptions, 'tenancy' | 'groupsOf'> {
  tenancy: Tenancy;
  urlOf: (host: string) => string;
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

function personOf(actor: Actor): string {
  // A key is nobody in person, and support is not to outlast its leave.
  if (actor.type !== 'user' || actor.support)
    throw new AppError('permission_denied', { details: { permission: 'events:read' } });
  return actor.id;
}

/** Addresses that calendar applications read a member's agenda at, without a session. Of each address only the hash is kept. */
export function createFeedService({ tenancy, groupsOf, urlOf }: FeedOptions) {
  return {
    find: (tenant: TenantSnapshot, actor: Actor): Promise<Feed | undefined> =>
      tenancy.central(
        async ({ trx }) => {
          const { rows } = await trx.raw(
            'SELECT created_at, last_used_at FROM public.calendar_feeds WHERE tenant_id = ? AND user_id = ?',
            [tenant.id, personOf(actor)],
          );
          return rows[0];
        },
        { readOnly: true },
      ),

    create: (tenant: TenantSnapshot, origin: Origin): Promise<{ url: string; createdAt: Date }> =>
      tenancy.central(async ({ trx }) => {
        const userId = personOf(origin.actor);
        const token = randomBytes(32).toString('base64url');
        const { rows } = await trx.raw(
          `INSERT INTO public.calendar_feeds (tenant_id, user_id, token_hash) VALUES (?, ?, ?)
           ON CONFLICT (tenant_id, user_id) DO UPDATE
           SET token_hash = excluded.token_hash, created_at = now(), last_used_at = NULL
           RETURNING created_at`,
          [tenant.id, userId, hashOf(token)] as never,
        );
        await auditCentral(trx, origin, tenant.id, {
          action: 'calendar_feed.create',
          target: { type: 'user', id: userId },
        });
        return {
          url: `${urlOf(tenant.primaryDomain)}/api/v1/events/feeds/${token}.ics`,
          createdAt: rows[0].created_at,
        };
      }),

    /** A second time is no change. */
    remove: (tenant: TenantSnapshot, origin: Origin): Promise<void> =>
      tenancy.central(async ({ trx }) => {
        const userId = personOf(origin.actor);
        await trx.raw('DELETE FROM public.calendar_feeds WHERE tenant_id = ? AND user_id = ?', [
          tenant.id,
          userId,
        ]);
        await auditCentral(trx, origin, tenant.id, {
          action: 'calendar_feed.delete',
          target: { type: 'user', id: userId },
        });
      }),

    /** The calendar of whoever the address was made for, as their role and groups are now. Throws `not_found`. */
    async read(tenant: TenantSnapshot, address: string): Promise<string> {
      const token = address.replace(/\.ics$/, '');
      const member = await tenancy.central(async ({ trx }) => {
        const { rows } = await trx.raw<{ rows: { user_id: string; role: SchoolRole; stale: boolean }[] }>(
          `SELECT f.user_id, m.role, coalesce(f.last_used_at < now() - make_interval(mins => ?), true) AS stale
           FROM public.calendar_feeds f
           JOIN public.memberships m ON m.tenant_id = f.tenant_id AND m.user_id = f.user_id AND m.status = 'active'
           WHERE f.token_hash = ? AND f.tenant_id = ?`,
          [USE_MINUTES, hashOf(token), tenant.id] as never,
        );
        const [found] = rows;
        if (!found) throw new AppError('not_found');
        if (found.stale)
          await trx.raw(
            'UPDATE public.calendar_feeds SET last_used_at = now() WHERE tenant_id = ? AND user_id = ?',
            [tenant.id, found.user_id],
          );
        return found;
      });
      const since = new Date(Date.now() - PAST_DAYS * 86_400_000);
      const details = await tenancy.read(tenant, async ({ trx }: { trx: TenantTrx }) => {
        const everything = member.role === 'admin';
        const groups = everything ? [] : await groupsOf(trx, member.user_id);
        const reader = { everything, userId: member.user_id, role: member.role, groups };
        return listSeries(trx, reader, since, MOST_EVENTS);
      });
      const home = urlOf(tenant.primaryDomain);
      return calendarFile(details, {
        name: tenant.name,
        host: tenant.primaryDomain,
        urlOf: (id) => `${home}/agenda/${id}`,
      });
    },
  };
}
