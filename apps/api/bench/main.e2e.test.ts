import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { bareEnvironment } from '@preau/testkit/bare-environment';
import { describe, expect, it } from 'vitest';
import type { Report } from './report.ts';

describe('bench main --short', () => {
  it('measures all three beside their peers and leaves nothing behind', { timeout: 120_000 }, async () => {
    // A temporary folder of its own shows what was left.
    const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'preau-bench-test-'));
    fs.chmodSync(folder, 0o711);
    try {
      const script = path.join(import.meta.dirname, 'run.ts');
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [script, 'main', '--short', '--strict', '--json'],
        {
          env: bareEnvironment({ TMPDIR: folder }),
        },
      );
      const report = JSON.parse(stdout) as Report;
      expect(report.results.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['theme ratio', 'list ratio', 'provision ratio']),
      );
      expect(report.results.filter(({ goal }) => goal).map(({ goal }) => goal)).toEqual([
        '≥ 0.80',
        '≥ 0.60',
        '≤ 20 ms',
        '≤ 1.50',
        '≤ 1.30',
      ]);
      for (const { value } of report.results) expect(value).toBeGreaterThan(0);
      expect(report.versions).toMatchObject({
        postgresql: expect.stringMatching(/^\d+/),
        load: expect.any(String),
      });
      expect(fs.readdirSync(folder)).toEqual([]);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});
