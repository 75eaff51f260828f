import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { bareEnvironment } from '@preau/testkit/bare-environment';
import { describe, expect, it } from 'vitest';
import type { Report } from './report.ts';

describe('bench resolution --short', () => {
  it(
    'measures layers, numbers of schools and changes, each beside its goal',
    { timeout: 180_000 },
    async () => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [path.join(import.meta.dirname, 'run.ts'), 'resolution', '--short', '--strict', '--json'],
        { env: bareEnvironment() },
      );
      const { results } = JSON.parse(stdout) as Report;
      expect(results.filter(({ goal }) => goal).map(({ name, goal }) => `${name} ${goal}`)).toEqual([
        'theme, 100 schools to one, by processor ≥ 0.90',
        'change seen by the other process, with Redis, 99th percentile ≤ 1000 ms',
        'changes never seen, with Redis = 0',
        'change seen by the other process, without Redis, 99th percentile ≤ 1000 ms',
        'changes never seen, without Redis = 0',
      ]);
      // That is so on any machine.
      const holds = (name: string) => results.find((result) => result.name.startsWith(name))?.holds;
      expect(holds('changes never seen, with Redis')).toBe(true);
      expect(holds('changes never seen, without Redis')).toBe(true);
      for (const layer of ['warm in memory', 'warm in Redis', 'cold, from PostgreSQL'])
        expect(results.find(({ name }) => name === `resolution ${layer}`)?.value).toBeGreaterThan(0);
    },
  );
});
