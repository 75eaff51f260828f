import { Redis } from 'ioredis';

/**
 * The connection that features share. What it cannot say at once fails at once: everything that uses it goes on without.
 *
 * @param onError - Hears of each failed attempt to connect.
 */
export function openRedis(url: string, onError: (error: Error) => void): Redis {
  const redis = new Redis(url, { maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: 1_000 });
  redis.on('error', onError);
  return redis;
}
