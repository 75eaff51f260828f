import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { bareEnvironment } from '@preau/testkit/bare-environment';
import { describe, expect, it } from 'vitest';
import type { Report } from '../bench/report.ts';

describe('chaos bundles --short', () => {
  it(
    'kills whatever makes, restores, copies and erases, and no school is damaged',
    { timeout: 300_000 },
    async () => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [path.join(import.meta.dirname, 'run.ts'), 'bundles', '--short', '--strict', '--json'],
        { env: bareEnvironment() },
      );
      const { results } = JSON.parse(stdout) as Report;
      const goals = results.filter(({ goal }) => goal);
      expect(goals).toHaveLength(2);
      expect(goals.filter(({ holds }) => !holds)).toEqual([]);
      expect(results.find(({ name }) => name === 'kills')?.value).toBe(8);
    },
  );
});
