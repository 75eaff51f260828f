import { publishChange, type Tenancy } from '@preau/tenancy';
import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { presenceRoom } from './realtime-hub.ts';

/** Milliseconds for which comings and goings are gathered, and between two signs of life of a process. */
const GATHER = 100;
const SIGN_OF_LIFE = 20_000;
/** A process that said nothing for so long is dead, and nobody is connected to it. */
const DEAD_AFTER = '60 seconds';
const ALIVE = `SELECT id FROM public.realtime_processes WHERE seen_at > now() - interval '${DEAD_AFTER}'`;

export type Presence = ReturnType<typeof createPresence>;

/** Who is connected, in all processes. Written down in handfuls: a school comes in at eight all at once. */
export function createPresence({
  tenancy,
  onError,
}: {
  tenancy: Tenancy;
  onError: (error: unknown) => void;
}) {
  const processId = randomUUID();
  const counts = new Map<string, number>();
  const changed = new Set<string>();
  let written = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let life: NodeJS.Timeout | undefined;
  let flushing: Promise<void> | undefined;
  let stopped = false;

  async function write(): Promise<void> {
    const keys = [...changed];
    changed.clear();
    const here = (key: string) => (counts.get(key) ?? 0) > 0;
    const came = keys.filter((key) => here(key) && !written.has(key)).map((key) => key.split(' '));
    const went = keys.filter((key) => !here(key) && written.has(key)).map((key) => key.split(' '));
    if (came.length + went.length === 0) return;
    await tenancy.central(async ({ trx }) => {
      await trx.raw(
        `INSERT INTO public.realtime_processes (id) VALUES (?) ON CONFLICT (id) DO UPDATE SET seen_at = now()`,
        [processId],
      );
      const pairs = (list: string[][]) => [list.map(([tenant]) => tenant), list.map(([, user]) => user)];
      await trx.raw(
        // A school that was purged meanwhile has nobody.
        `INSERT INTO public.realtime_presence (tenant_id, user_id, process_id)
         SELECT t.id, p.user_id, ?::uuid FROM unnest(?::uuid[], ?::uuid[]) AS p (tenant_id, user_id)
         JOIN public.tenants t ON t.id = p.tenant_id ON CONFLICT DO NOTHING`,
        [processId, ...pairs(came)] as never,
      );
      await trx.raw(
        `DELETE FROM public.realtime_presence r USING unnest(?::uuid[], ?::uuid[]) AS p (tenant_id, user_id)
         WHERE r.tenant_id = p.tenant_id AND r.user_id = p.user_id AND r.process_id = ?::uuid`,
        [...pairs(went), processId] as never,
      );
      const { rows } = await trx.raw<{ rows: { tenant_id: string; user_id: string }[] }>(
        // Elsewhere too, they neither came nor went.
        `SELECT p.tenant_id, p.user_id FROM unnest(?::uuid[], ?::uuid[]) AS p (tenant_id, user_id)
         WHERE NOT EXISTS (SELECT FROM public.realtime_presence r WHERE r.tenant_id = p.tenant_id
           AND r.user_id = p.user_id AND r.process_id <> ?::uuid AND r.process_id IN (${ALIVE}))`,
        [...pairs([...came, ...went]), processId] as never,
      );
      for (const { tenant_id: tenantId, user_id: userId } of rows) {
        const data = { user_id: userId, online: here(`${tenantId} ${userId}`) };
        const message = { id: uuidv7(), at: new Date().toISOString(), op: 'presence.changed', data };
        await publishChange(trx, {
          kind: 'message',
          id: JSON.stringify({ ...message, room: presenceRoom(tenantId, userId), for_org: tenantId }),
        });
      }
    });
    for (const [tenant, user] of came) written.add(`${tenant} ${user}`);
    for (const [tenant, user] of went) written.delete(`${tenant} ${user}`);
  }

  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    flushing = (flushing ?? Promise.resolve()).then(write).catch(onError);
    return flushing;
  };

  function move(tenantId: string, userId: string, by: 1 | -1): void {
    const key = `${tenantId} ${userId}`;
    const count = (counts.get(key) ?? 0) + by;
    if (count > 0) counts.set(key, count);
    else counts.delete(key);
    changed.add(key);
    if (!stopped) timer ??= setTimeout(() => void flush(), GATHER).unref();
  }

  async function live(): Promise<void> {
    // Nobody is here: there is nothing to keep alive, and a server at rest asks nothing.
    if (written.size === 0) return;
    await tenancy.central(async ({ trx }) => {
      await trx.raw('UPDATE public.realtime_processes SET seen_at = now() WHERE id = ?', [processId]);
      await trx.raw(
        `WITH dead AS (DELETE FROM public.realtime_processes WHERE seen_at < now() - interval '10 minutes' RETURNING id)
         DELETE FROM public.realtime_presence WHERE process_id IN (SELECT id FROM dead)`,
      );
    });
  }

  return {
    came: (tenantId: string, userId: string): void => move(tenantId, userId, 1),
    went: (tenantId: string, userId: string): void => move(tenantId, userId, -1),
    /** Which of these members are connected, to whichever process. */
    async online(tenantId: string, userIds: readonly string[]): Promise<string[]> {
      const { rows } = await tenancy.central(
        ({ trx }) =>
          trx.raw<{ rows: { user_id: string }[] }>(
            `SELECT DISTINCT user_id FROM public.realtime_presence
             WHERE tenant_id = ? AND user_id = ANY (?::uuid[]) AND process_id IN (${ALIVE})`,
            [tenantId, userIds] as never,
          ),
        { readOnly: true },
      );
      return rows.map(({ user_id: id }) => id);
    },
    start(): void {
      life = setInterval(() => void live().catch(onError), SIGN_OF_LIFE);
      life.unref();
    },
    /** Nobody is connected here any more. */
    async close(): Promise<void> {
      stopped = true;
      clearInterval(life);
      clearTimeout(timer);
      await flushing;
      if (written.size === 0) return;
      written = new Set();
      await tenancy.central(async ({ trx }) => {
        await trx.raw('DELETE FROM public.realtime_presence WHERE process_id = ?', [processId]);
        await trx.raw('DELETE FROM public.realtime_processes WHERE id = ?', [processId]);
      });
    },
  };
}
