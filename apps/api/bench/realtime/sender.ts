import { once } from 'node:events';
import { buildApp } from '../../src/app.ts';
import { secretsOf } from '../../src/config.ts';
import { createLoggers } from '../../src/platform/logger.ts';
import { openRedis } from '../../src/platform/redis.ts';
import type { Installation } from '../installation.ts';

export interface JoinedServer {
  /** Messages on the stream so far, by whomever. */
  sent(): Promise<number>;
  leave(): Promise<void>;
}

/** Makes this process one of the servers, without a listener: what it says goes by Redis from now on. */
export async function joinAsServer(
  { services, config }: Installation,
  redisUrl: string,
): Promise<JoinedServer> {
  const redis = openRedis(redisUrl, (error) => void process.stderr.write(`${String(error)}\n`));
  await once(redis, 'ready');
  const app = await buildApp({
    services,
    secret: secretsOf(config)[0] ?? '',
    loggers: createLoggers({ level: 'error', terminal: false }),
    redis,
  });
  await app.ready();
  return {
    sent: () => redis.xlen(`preau:realtime:${services.base.domain}`),
    async leave() {
      await app.close();
      redis.disconnect();
    },
  };
}
