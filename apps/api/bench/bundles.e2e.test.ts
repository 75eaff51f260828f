import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { bareEnvironment } from '@preau/testkit/bare-environment';
import { describe, expect, it } from 'vitest';
import type { Report } from './report.ts';

describe('bench bundles --short', () => {
  it(
    'measures backup and restore beside the tools of PostgreSQL, where there are any',
    { timeout: 180_000 },
    async () => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [path.join(import.meta.dirname, 'run.ts'), 'bundles', '--short', '--strict', '--json'],
        { env: bareEnvironment() },
      );
      const { results } = JSON.parse(stdout) as Report;
      const goals = results.filter(({ goal }) => goal).map(({ name, goal }) => `${name} ${goal}`);
      const here = results.every(({ name }) => !name.startsWith('left out'));
      expect(goals).toEqual(here ? ['backup ratio ≤ 1.20', 'restore ratio ≤ 1.20'] : []);
      for (const { value } of results) expect(value).toBeGreaterThan(0);
    },
  );
});
