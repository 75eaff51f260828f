import { freshDatabase } from '@preau/testkit/databases';
import { describe, expect, it } from 'vitest';
import { fuzzLeaks } from './leak.ts';
import { MUTANTS } from './mutants.ts';
import { plan } from './plan.ts';

const SEED = 20261121;
const COUNT = 2_000;

async function fuzz(options: { mutate?: (typeof MUTANTS)[string]; stopAtLeak?: boolean } = {}) {
  const database = await freshDatabase();
  try {
    return await fuzzLeaks({ ...database, seed: SEED, count: COUNT, ...options });
  } finally {
    await database.drop();
  }
}

describe('the leak fuzzer, behind PgBouncer in transaction mode', () => {
  it(
    'finds no foreign watermark, no lost commit and no undone row, whatever breaks',
    { timeout: 120_000 },
    async () => {
      const { ledger, done } = await fuzz();
      expect(ledger.leaks).toEqual([]);
      expect(ledger.losses).toEqual([]);
      expect(ledger.surprises).toEqual([]);
      expect(done).toBe(COUNT);
      // Much was seen, and every kind of fault did happen.
      expect(ledger.watermarks).toBeGreaterThan(COUNT);
      for (const what of [
        'backends killed',
        'lines cut',
        'time-outs',
        'undone',
        'failed by a fault',
        'http 200',
        'http 201',
      ])
        expect(ledger.counts[what], what).toBeGreaterThan(0);
      // And yet most of it was done.
      expect(ledger.counts['succeeded']).toBeGreaterThan(COUNT / 2);
    },
  );

  it.each(Object.entries(MUTANTS))('catches %s', { timeout: 120_000 }, async (_, mutate) => {
    const { ledger } = await fuzz({ mutate, stopAtLeak: true });
    expect(ledger.leaks).not.toEqual([]);
  });

  it('plans the same steps for the same seed, and others for another', () => {
    const steps = (seed: number) => [...plan(seed, 50, 12)];
    expect(steps(1)).toEqual(steps(1));
    expect(steps(1)).not.toEqual(steps(2));
    expect(steps(3).every(({ school, other }) => school !== other)).toBe(true);
  });
});
