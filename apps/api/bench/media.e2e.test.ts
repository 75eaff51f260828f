import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { bareEnvironment } from '@preau/testkit/bare-environment';
import { describe, expect, it } from 'vitest';
import type { Report } from './report.ts';

describe('bench media --short', () => {
  it('carries a file there and back, on disk and in a bucket', { timeout: 180_000 }, async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [path.join(import.meta.dirname, 'run.ts'), 'media', '--short', '--strict', '--json'],
      { env: bareEnvironment() },
    );
    const { results } = JSON.parse(stdout) as Report;
    const goals = results.filter(({ goal }) => goal).map(({ name, goal }) => `${name} ${goal}`);
    expect(goals).toEqual(
      ['disk', 'S3'].flatMap((place) => [
        `${place}: upload against bare ≥ 0.85`,
        `${place}: download against bare ≥ 0.85`,
        `${place}: memory that grew < 64 MiB`,
      ]),
    );
    for (const { name, value, unit } of results) if (unit === 'MB/s') expect(value, name).toBeGreaterThan(0);
  });
});
