import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { bareEnvironment } from '@preau/testkit/bare-environment';
import { describe, expect, it } from 'vitest';
import type { Report } from './report.ts';

describe('bench fleet --short', () => {
  it('measures what the fleet promises, each beside its goal', { timeout: 120_000 }, async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [path.join(import.meta.dirname, 'run.ts'), 'fleet', '--short', '--strict', '--json'],
      { env: bareEnvironment() },
    );
    const { results } = JSON.parse(stdout) as Report;
    const goals = results.filter(({ goal }) => goal).map(({ name, goal }) => `${name} ${goal}`);
    expect(goals).toEqual([
      'migrate with nothing to do, 20 schools ≤ 50 ms',
      'queries of migrate with nothing to do = 1',
      'one column ratio ≤ 1.00',
      'provision with a ready schema ≤ 20 ms',
      'provision ratio ≤ 1.50',
      'provision 40 tables, ratio ≤ 1.30',
      'creation, slowest to quickest size ≤ 1.50',
    ]);
    // That is so on any machine.
    expect(results.find(({ name }) => name.startsWith('queries'))?.holds).toBe(true);
    for (const { value } of results) expect(value).toBeGreaterThan(0);
  });
});
