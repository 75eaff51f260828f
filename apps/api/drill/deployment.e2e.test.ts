import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { bareEnvironment } from '@preau/testkit/bare-environment';
import { describe, expect, it } from 'vitest';
import type { Report } from '../bench/report.ts';

describe('drill deployment', () => {
  it('opens schools through the whole chain and loses no request', { timeout: 240_000 }, async () => {
    // A temporary folder of its own shows what was left.
    const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'preau-drill-test-'));
    fs.chmodSync(folder, 0o711);
    try {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [path.join(import.meta.dirname, 'run.ts'), 'deployment', '--short', '--strict', '--json'],
        { env: bareEnvironment({ TMPDIR: folder }) },
      );
      const { command, results } = JSON.parse(stdout) as Report;
      expect(command).toBe('drill');
      const goals = results.filter(({ goal }) => goal);
      expect(goals).toHaveLength(14);
      expect(goals.filter(({ holds }) => !holds)).toEqual([]);
      expect(fs.readdirSync(folder).filter((name) => name.startsWith('preau-'))).toEqual([]);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});
