import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { countPlaywright, countVitest } from './test-counts.ts';

let folder: string;
const report = (content: unknown): string => {
  const file = path.join(folder, 'report.json');
  fs.writeFileSync(file, JSON.stringify(content));
  return file;
};

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'preau-counts-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

it('sums what the reports say', () => {
  expect(countVitest(report({ numPassedTests: 7, numFailedTests: 0 }), true)).toEqual({
    passed: 7,
    failed: 0,
  });
  const stats = { expected: 4, unexpected: 1, flaky: 1 };
  expect(countPlaywright(report({ stats }), false)).toEqual({ passed: 4, failed: 2 });
});

it('a runner that fails without a failed test is one failure', () => {
  expect(countVitest(report({ numPassedTests: 7, numFailedTests: 0 }), false)).toEqual({
    passed: 7,
    failed: 1,
  });
  const stats = { expected: 4, unexpected: 0, flaky: 0 };
  expect(countPlaywright(report({ stats }), false)).toEqual({ passed: 4, failed: 1 });
});

it('a report that is missing or cut short is one failure, even when the process ended well', () => {
  const absent = path.join(folder, 'absent.json');
  expect(countVitest(absent, true)).toEqual({ passed: 0, failed: 1 });
  fs.writeFileSync(path.join(folder, 'half.json'), '{"stats": {');
  expect(countPlaywright(path.join(folder, 'half.json'), true)).toEqual({ passed: 0, failed: 1 });
});
