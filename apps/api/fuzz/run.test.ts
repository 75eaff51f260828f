import { describe, expect, it } from 'vitest';
import { count, type Fuzzer, type FuzzerContext, none } from './fuzzer.ts';
import { fuzz } from './run.ts';

function setting(found: number) {
  const asked: FuzzerContext[] = [];
  const output = { out: '', note: '' };
  const fuzzer: Fuzzer = async (context) => {
    asked.push(context);
    return [count('operations', 7), none('found', found)];
  };
  const run = (...args: string[]) =>
    fuzz(
      args,
      { leak: fuzzer, hosts: fuzzer },
      {
        out: (text) => void (output.out += text),
        note: (text) => void (output.note += text),
      },
    );
  return { asked, output, run };
}

describe('pnpm fuzz', () => {
  it('runs what is named with the count and the seed that are given', async () => {
    const { asked, output, run } = setting(0);
    expect(await run('leak', '--count', '50', '--seed', '12', '--json')).toBe(0);
    expect(asked).toMatchObject([{ count: 50, seed: 12 }]);
    expect(output.note).toContain('pnpm fuzz leak --seed 12 --count 50');
    expect(JSON.parse(output.out)).toMatchObject({
      command: 'fuzz',
      scenario: 'leak',
      seed: 12,
      results: [
        { name: 'operations', value: 7, goal: null },
        { name: 'found', value: 0, goal: '= 0', holds: true },
      ],
    });
  });

  it('runs all of them with a seed of its own, which it prints', async () => {
    const { asked, output, run } = setting(0);
    expect(await run()).toBe(0);
    expect(asked).toHaveLength(2);
    expect(output.note).toContain(`seed ${asked[0]?.seed}`);
    expect(output.out).toContain('operations');
  });

  it('fails when something was found, whether strict or not', async () => {
    expect(await setting(1).run('leak')).toBe(1);
    expect(await setting(1).run('leak', '--strict')).toBe(1);
  });

  it.each([[['nothing']], [['--count', '0']], [['--count', 'many']], [['--seed', '-1']], [['--unknown']]])(
    'says how it is used when it is not understood: %j',
    async (args) => {
      const { asked, output, run } = setting(0);
      expect(await run(...args)).toBe(2);
      expect(output.note).toContain('pnpm fuzz [name…]');
      expect(asked).toEqual([]);
    },
  );
});
