import { startRedis, type ThrowawayRedis } from '@preau/testkit/redis';
import type { FreshDatabase } from '@preau/testkit/databases';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../../test/support/builders.ts';
import { schoolAdmin, superadmin, teacher } from '../../../test/support/clients.ts';
import { createTestApp, platformDatabase, type TestApp } from '../../../test/support/harness.ts';
import { closeSockets, openSocket } from '../../../test/support/sockets.ts';

const ID = '01890000-0000-7000-8000-0000000000a';

describe.each([['with notices of PostgreSQL alone'], ['with Redis']])('of two processes, %s', (how) => {
  let redis: ThrowawayRedis | undefined;
  let fresh: FreshDatabase;
  let here: TestApp;
  let there: TestApp;
  let port: number;
  let otherPort: number;
  let school: School;
  beforeAll(async () => {
    redis = how === 'with Redis' ? await startRedis() : undefined;
    fresh = await platformDatabase();
    const options = { fresh, ...(redis ? { redis: redis.url } : {}) };
    here = await createTestApp(options);
    there = await createTestApp(options);
    [port, otherPort] = [await here.listen(), await there.listen()];
    school = await createSchool(here);
  });
  afterEach(closeSockets);
  afterAll(async () => {
    await here.close();
    await there.close();
    await fresh.drop();
    await redis?.stop();
  });

  it('the one says things to the sockets of the other, and to its own', async () => {
    const prof = await teacher(here, school);
    const [near, far] = [await openSocket(port, prof), await openSocket(otherPort, prof)];
    for (const { services } of [here, there]) {
      await services.realtime.toUser({ tenantId: school.id, userId: prof.userId }, 'events.changed', {
        id: `${ID}${services === here.services ? 1 : 2}`,
      });
    }
    for (const socket of [near, far]) {
      await expect
        .poll(() => new Set(socket.heard.map(({ data }) => String(data['id']).at(-1))))
        .toEqual(new Set(['1', '2']));
    }
  });

  it('the one closes the sockets of the other, within a second', async () => {
    const head = await schoolAdmin(here, school);
    const root = await superadmin(here);
    const endings: [string, (userId: string, logOut: () => Promise<unknown>) => Promise<unknown>][] = [
      ['logged_out', (_, logOut) => logOut()],
      ['role_changed', (userId) => head.patch(`/members/${userId}/`, { role: 'staff' })],
      ['tenant_inactive', () => root.post(`/tenants/${school.id}/deactivate/`)],
    ];
    for (const [code, end] of endings) {
      const prof = await teacher(here, school);
      const socket = await openSocket(otherPort, prof);
      const began = performance.now();
      await end(prof.userId, () => prof.post('/auth/logout/'));
      const told = await socket.closing;
      expect(told.code).toBe(code);
      expect(told.at - began).toBeLessThan(1_000);
    }
    await root.post(`/tenants/${school.id}/activate/`);
  });

  it('each knows who is connected to the other', async () => {
    const [watcher, seen] = [await teacher(here, school), await teacher(here, school)];
    const watching = await openSocket(port, watcher);
    await watching.ask('presence.watch', { user_ids: [seen.userId] });
    await openSocket(otherPort, seen);
    expect((await watching.hears('presence.changed')).data).toEqual({ user_id: seen.userId, online: true });
    expect((await watching.ask('presence.watch', { user_ids: [seen.userId] })).data.online).toEqual([
      seen.userId,
    ]);
  });

  it('one whose feed was cut closes what ended meanwhile, and says what it did not hear', async () => {
    const [prof, other] = [await teacher(here, school), await teacher(here, school)];
    const [ending, staying] = [await openSocket(otherPort, prof), await openSocket(otherPort, other)];
    await here.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'preau changes' AND datname = current_database()`,
    );
    await here.sql('DELETE FROM public.sessions WHERE user_id = $1', [prof.userId]);
    await here.services.tenancy.write(school.ref, ({ trx }) =>
      here.services.realtime.tell(trx, { to: 'user', id: other.userId }, 'events.changed', { id: `${ID}9` }),
    );
    expect((await ending.closing).code).toBe('session_ended');
    expect((await staying.hears('events.changed')).data).toEqual({ id: `${ID}9` });
  });

  it.runIf(how === 'with Redis')(
    'what Redis took with it when it crashed is said when it is back',
    async () => {
      const prof = await teacher(here, school);
      const far = await openSocket(otherPort, prof);
      const { port: own = 0 } = redis ?? {};
      await redis?.kill();
      // As if it had been given to Redis, and not been read any more.
      await here.sql(
        `INSERT INTO public.realtime_messages (id, tenant_id, room, op, data) VALUES ($1, $2, $3, 'events.changed', $4)`,
        [`${ID}6`, school.id, `tenant:${school.id}`, JSON.stringify({ id: `${ID}6` })],
      );
      redis = await startRedis({ port: own });
      expect((await far.hears('events.changed')).data).toEqual({ id: `${ID}6` });
    },
  );

  it.runIf(how === 'with Redis')(
    'the one still says things to the sockets of the other when Redis is gone',
    async () => {
      const prof = await teacher(here, school);
      const far = await openSocket(otherPort, prof);
      await redis?.stop();
      await here.services.realtime.toOrganisation({ tenantId: school.id }, 'events.changed', {
        id: `${ID}7`,
      });
      expect((await far.hears('events.changed')).data).toEqual({ id: `${ID}7` });
      redis = undefined;
    },
  );

  it('one that ends says so to its sockets', async () => {
    const socket = await openSocket(port, await teacher(here, school));
    const closing = here.app.close();
    expect((await socket.closing).code).toBe('server_restart');
    await closing;
  });
});
