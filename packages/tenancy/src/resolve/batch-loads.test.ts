import { expect, it } from 'vitest';
import { batchLoads } from './batch-loads.ts';

function controlled() {
  const asked: { hosts: readonly string[]; answer(rows: Record<string, string>): void; fail(): void }[] = [];
  const load = batchLoads<string>(
    (hosts) =>
      new Promise((resolve, reject) =>
        asked.push({
          hosts,
          answer: (rows) => resolve(new Map(Object.entries(rows))),
          fail: () => reject(new Error('down')),
        }),
      ),
    { max: 3, parallel: 1 },
  );
  return { asked, load };
}

it('asks at once for the first, and together for those who come meanwhile', async () => {
  const { asked, load } = controlled();
  const all = Promise.all(['a', 'b', 'c', 'b', 'd'].map(load));
  expect(asked.map(({ hosts }) => hosts)).toEqual([['a']]);
  asked[0]?.answer({ a: 'A' });
  await expect.poll(() => asked.length).toBe(2);
  expect(asked[1]?.hosts).toEqual(['b', 'c']);
  asked[1]?.answer({ b: 'B' });
  await expect.poll(() => asked.length).toBe(3);
  expect(asked[2]?.hosts).toEqual(['d']);
  asked[2]?.answer({});
  expect(await all).toEqual(['A', 'B', null, 'B', null]);
});

it('fails those who asked with what failed, and goes on with the next', async () => {
  const { asked, load } = controlled();
  const first = load('a');
  const second = load('b');
  asked[0]?.fail();
  await expect(first).rejects.toThrow('down');
  await expect.poll(() => asked.length).toBe(2);
  asked[1]?.answer({ b: 'B' });
  expect(await second).toBe('B');
});
