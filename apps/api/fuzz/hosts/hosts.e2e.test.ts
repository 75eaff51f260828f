import type { IncomingMessage } from 'node:http';
import { freshDatabase } from '@preau/testkit/databases';
import type { FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import { createEndings } from '../../bench/endings.ts';
import { fuzzHosts, type HostFuzzResult } from './hosts.ts';

async function fuzz(count: number, mutate?: (app: FastifyInstance) => void): Promise<HostFuzzResult> {
  const database = await freshDatabase();
  const endings = createEndings();
  try {
    return await fuzzHosts({ ...database, seed: 20261121, count, ...(mutate ? { mutate } : {}) }, endings);
  } finally {
    await endings.run();
    await database.drop();
  }
}
/** Changes requests before the product sees them. */
const before = (change: (request: IncomingMessage) => void) => (app: FastifyInstance) =>
  void app.server.prependListener('request', change);

describe('the fuzzer of hosts', () => {
  it('reaches no school that is not meant, and every one that is', { timeout: 120_000 }, async () => {
    const { wrong, refused, broken, statuses, done } = await fuzz(3_200);
    expect({ wrong, refused, broken }).toEqual({ wrong: [], refused: [], broken: [] });
    expect(done).toBe(3_200);
    // Both outcomes were met often.
    expect(statuses['200']).toBeGreaterThan(100);
    expect(statuses['421']).toBeGreaterThan(200);
  });

  it.each([
    [
      'a header that anybody sends being believed',
      before(({ headers }) => {
        const pretended = headers['x-forwarded-host'];
        if (typeof pretended === 'string') headers.host = pretended;
      }),
    ],
    [
      'a host cut at the first byte that does not belong',
      before(({ headers }) => {
        headers.host = /[a-z0-9-]+\.localhost/i.exec(headers.host ?? '')?.[0] ?? headers.host;
      }),
    ],
  ])('notices %s', { timeout: 120_000 }, async (_, mutate) => {
    expect((await fuzz(1_600, mutate)).wrong).not.toEqual([]);
  });

  it('notices a school that is refused', { timeout: 120_000 }, async () => {
    const mutate = before(({ headers }) => {
      if (/[A-Z]/.test(headers.host ?? '')) headers.host = 'nowhere.localhost';
    });
    expect((await fuzz(800, mutate)).refused).not.toEqual([]);
  });
});
