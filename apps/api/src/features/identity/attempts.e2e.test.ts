import { startRedis } from '@preau/testkit/redis';
import { describe, expect, it } from 'vitest';
import { visitor } from '../../../test/support/clients.ts';
import { createTestApp, platformDatabase, SUPERADMIN, type TestApp } from '../../../test/support/harness.ts';

const attempt = (t: TestApp, password: string) =>
  visitor(t, t.consoleHost).post('/auth/login/', { ...SUPERADMIN, password });

describe('attempts to log in, counted in Redis', () => {
  it('are shared by all processes, and go on without it', async () => {
    const redis = await startRedis();
    const fresh = await platformDatabase();
    const [one, two] = [
      await createTestApp({ fresh, redis: redis.url }),
      await createTestApp({ fresh, redis: redis.url }),
    ];
    for (let number = 0; number < 10; number += 1) {
      expect((await attempt(number % 2 ? one : two, 'wrong')).status).toBe(401);
    }
    for (const t of [one, two]) {
      const refused = await attempt(t, SUPERADMIN.password);
      expect(refused.status).toBe(429);
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    }
    expect((await visitor(one).send({ method: 'GET', url: '/readyz' })).body.checks.redis).toEqual({
      ok: true,
    });
    await redis.kill();
    // Slower guessing is not worth a school that nobody can enter.
    expect((await attempt(one, SUPERADMIN.password)).status).toBe(200);
    expect(await visitor(one).send({ method: 'GET', url: '/readyz' })).toMatchObject({
      status: 200,
      body: { status: 'ready', checks: { redis: { ok: false } } },
    });
    await one.close();
    await two.close();
    await fresh.drop();
    await redis.stop();
  });
});
