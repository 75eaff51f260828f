import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { bareEnvironment } from '@preau/testkit/bare-environment';
import { describe, expect, it } from 'vitest';
import type { Report } from '../bench/report.ts';

describe('chaos redis --short', () => {
  it('takes Redis away and gives it back, and nobody notices', { timeout: 240_000 }, async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [path.join(import.meta.dirname, 'run.ts'), 'redis', '--short', '--strict', '--json'],
      { env: bareEnvironment() },
    );
    const { results } = JSON.parse(stdout) as Report;
    const goals = results.filter(({ goal }) => goal);
    expect(goals).toHaveLength(4);
    expect(goals.filter(({ holds }) => !holds)).toEqual([]);
    expect(results.find(({ name }) => name === 'requests meanwhile')?.value).toBeGreaterThan(100);
  });
});
