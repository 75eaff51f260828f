import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { bareEnvironment } from '@preau/testkit/bare-environment';
import { describe, expect, it } from 'vitest';
import type { Report } from './report.ts';

describe('bench agenda --short', () => {
  it('reads a page of many schools, of which one that left is gone', { timeout: 120_000 }, async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [path.join(import.meta.dirname, 'run.ts'), 'agenda', '--short', '--json'],
      { env: bareEnvironment() },
    );
    const { results } = JSON.parse(stdout) as Report;
    expect(results.find(({ name }) => name === 'first page, median')?.value).toBeGreaterThan(0);
    // That is so on any machine.
    expect(results.find(({ name }) => name.startsWith('its entries'))?.value).toBe(0);
  });
});
