import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { bareEnvironment } from '@preau/testkit/bare-environment';
import { describe, expect, it } from 'vitest';
import type { Report } from '../bench/report.ts';

describe('chaos realtime --short', () => {
  it('kills servers of open sockets, and nobody misses a word', { timeout: 120_000 }, async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [path.join(import.meta.dirname, 'run.ts'), 'realtime', '--short', '--strict', '--json'],
      { env: bareEnvironment() },
    );
    const { results } = JSON.parse(stdout) as Report;
    const goals = results.filter(({ goal }) => goal);
    expect(goals).toHaveLength(5);
    expect(goals.filter(({ holds }) => !holds)).toEqual([]);
    const value = (name: string) => results.find((result) => result.name.endsWith(name))?.value;
    expect(value('acknowledged')).toBeGreaterThan(20);
    expect(value('heard only after coming back')).toBeGreaterThan(0);
  });
});
