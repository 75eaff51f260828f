import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { bareEnvironment } from '@preau/testkit/bare-environment';
import { describe, expect, it } from 'vitest';
import type { Report } from './report.ts';

const PAGES = ['log-in', 'portal home', 'console schools', 'public home'];

describe('bench web --short', () => {
  it('looks at every frame of a school, and judges four pages', { timeout: 300_000 }, async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [path.join(import.meta.dirname, 'run.ts'), 'web', '--short', '--strict', '--json'],
      { env: bareEnvironment() },
    );
    const { results } = JSON.parse(stdout) as Report;
    const of = (name: string) => results.find((result) => result.name === name);
    expect(of('frames in the school’s colours')?.value).toBeGreaterThan(0);
    // That is so on any machine; how fast they are is not.
    const holds = ['frames in other colours than the school’s', 'layout shift'];
    for (const page of PAGES) {
      holds.push(`${page}: accessibility`, `${page}: best-practices`);
      expect(of(`${page}: performance`)).toMatchObject({ goal: '≥ 95' });
    }
    expect(holds.filter((name) => of(name)?.holds !== true)).toEqual([]);
  });
});
