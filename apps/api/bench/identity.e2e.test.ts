import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { bareEnvironment } from '@preau/testkit/bare-environment';
import { describe, expect, it } from 'vitest';
import type { Report } from './report.ts';

describe('bench identity --short', () => {
  it('measures log-ins and sessions, each beside its goal', { timeout: 120_000 }, async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [path.join(import.meta.dirname, 'run.ts'), 'identity', '--short', '--strict', '--json'],
      { env: bareEnvironment() },
    );
    const { results } = JSON.parse(stdout) as Report;
    const goals = results.filter(({ goal }) => goal).map(({ name, goal }) => `${name} ${goal}`);
    expect(goals).toEqual([
      '500 requests of a session in memory add = 0',
      'session ratio ≥ 0.80',
      'log-in ratio ≤ 1.25',
    ]);
    // That is so on any machine: a session in memory asks nothing of the database.
    expect(results.find(({ name }) => name.endsWith(' add'))?.holds).toBe(true);
    expect(results.find(({ name }) => name === 'first request of a session')?.value).toBeGreaterThan(0);
    for (const { name, value } of results) if (!name.endsWith(' add')) expect(value).toBeGreaterThan(0);
  });
});
