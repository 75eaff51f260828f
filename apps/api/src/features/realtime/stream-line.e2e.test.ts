import { startRedis } from '@preau/testkit/redis';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { readSinceNow } from './stream-line.ts';

it('what is said before the first question is read by it, and by each that found nothing new', async () => {
  const server = await startRedis();
  const line = readSinceNow(new Redis(server.url));
  const reader = line.duplicate();
  try {
    await line.xadd('said', '*', 'message', 'bonjour');
    const ask = () => reader.xread('COUNT', 10, 'BLOCK', 1_000, 'STREAMS', 'said', '$');
    for (const answer of [await ask(), await ask()])
      expect(answer?.[0]?.[1].map(([, fields]) => fields)).toEqual([['message', 'bonjour']]);
  } finally {
    line.disconnect();
    reader.disconnect();
    await server.stop();
  }
});
