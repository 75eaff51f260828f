import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { bareEnvironment } from '@preau/testkit/bare-environment';
import { describe, expect, it } from 'vitest';
import type { Report } from '../bench/report.ts';

describe('chaos media --short', () => {
  it('fills a school to the byte, whatever is killed meanwhile', { timeout: 240_000 }, async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [path.join(import.meta.dirname, 'run.ts'), 'media', '--short', '--strict', '--json'],
      { env: bareEnvironment() },
    );
    const { results } = JSON.parse(stdout) as Report;
    const goals = results.filter(({ goal }) => goal);
    expect(goals).toHaveLength(8);
    expect(goals.filter(({ holds }) => !holds)).toEqual([]);
    expect(results.find(({ name }) => name === 'uploads cut by them')?.value).toBeGreaterThan(10);
  });
});
