import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { bareEnvironment } from '@preau/testkit/bare-environment';
import { describe, expect, it } from 'vitest';
import type { Report } from './report.ts';

/** Goals that hold on any machine, however slow. */
const EXACT = /^(messages|sockets|other sockets) /;

describe('bench realtime --short', () => {
  it('opens sockets, tells schools and ends rights; nothing goes astray', { timeout: 120_000 }, async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [path.join(import.meta.dirname, 'run.ts'), 'realtime', '--short', '--json'],
      { env: bareEnvironment() },
    );
    const { results } = JSON.parse(stdout) as Report;
    const exact = results.filter(({ name, goal }) => goal?.startsWith('= ') && EXACT.test(name));
    expect(exact).toHaveLength(5);
    expect(exact.filter(({ holds }) => !holds)).toEqual([]);
    const value = (name: string) => results.find((result) => result.name === name)?.value;
    expect(value('sockets')).toBe(30);
    for (const name of ['log-out', 'change of role', 'suspension'])
      expect(value(`sockets closed by ${name}`)).toBeGreaterThan(0);
    expect(value('by Redis: to the last of them, median')).toBeGreaterThan(0);
  });
});
