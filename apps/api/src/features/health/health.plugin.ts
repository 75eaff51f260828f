import type { Redis } from 'ioredis';
import fp from 'fastify-plugin';
import type { Migrator, Tenancy } from '@preau/tenancy';

export interface HealthOptions {
  tenancy: Tenancy;
  migrator: Migrator;
  redis: Redis | null;
  /** True once the process has begun to stop. */
  stopping: () => boolean;
}

interface Check {
  ok: boolean;
  detail?: string;
}

async function check(fn: () => Promise<string | undefined>): Promise<Check> {
  try {
    const detail = await fn();
    return detail === undefined ? { ok: true } : { ok: false, detail };
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message || error.name : String(error) };
  }
}

/** `/healthz`: the process lives. `/readyz`: it can serve. Both on any host, for probes that know none. */
export const healthPlugin = fp<HealthOptions>(
  async (app, { tenancy, migrator, redis, stopping }) => {
    const config = { contract: { zone: 'public', permission: 'anyone', name: 'health' } } as const;
    const schema = { hide: true } as never;
    app.get('/healthz', { config, schema }, async () => ({ status: 'ok' }));
    app.get('/readyz', { config, schema }, async (_request, reply) => {
      const checks: Record<string, Check> = {
        database: await check(() =>
          tenancy.central(
            async ({ trx }) => {
              await trx.raw('SELECT 1');
              return undefined;
            },
            { readOnly: true },
          ),
        ),
      };
      checks['migrations'] = checks['database']?.ok
        ? await check(async () =>
            (await migrator.publicIsCurrent()) ? undefined : 'the shared tables are behind',
          )
        : { ok: false, detail: 'unknown' };
      const ready = !stopping() && Object.values(checks).every(({ ok }) => ok);
      // Told, and no reason to be passed over: without Redis everything works, and all processes lose it together.
      if (redis)
        checks['redis'] = await check(async () => ((await redis.ping()) === 'PONG' ? undefined : 'no PONG'));
      return reply
        .code(ready ? 200 : 503)
        .header('cache-control', 'no-store')
        .send({ status: stopping() ? 'stopping' : ready ? 'ready' : 'not_ready', checks });
    });
  },
  { name: 'health' },
);
