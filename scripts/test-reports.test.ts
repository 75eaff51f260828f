import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ROOT } from './stage.ts';
import { readPlaywright, readVitest } from './test-reports.ts';

let folder: string;
const report = (content: unknown): string => {
  const file = path.join(folder, 'report.json');
  fs.writeFileSync(file, JSON.stringify(content));
  return file;
};

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'preau-reports-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const none = { testResults: [], suites: [] };

it('sums what the reports say', () => {
  expect(readVitest(report({ numPassedTests: 7, numFailedTests: 0, ...none }), true)).toEqual({
    passed: 7,
    failed: 0,
    failures: [],
  });
  const stats = { expected: 4, unexpected: 1, flaky: 1 };
  expect(readPlaywright(report({ stats, ...none }), false)).toMatchObject({ passed: 4, failed: 2 });
});

it('names what failed, with how its error begins', () => {
  const testResults = [
    {
      name: path.join(ROOT, 'packages/a.test.ts'),
      status: 'failed',
      message: '',
      assertionResults: [
        { fullName: 'a school opens', status: 'passed', failureMessages: [] },
        {
          fullName: 'a school closes',
          status: 'failed',
          failureMessages: ['\u001B[31mError: It is open\u001B[39m\n    at a.ts:1'],
        },
      ],
    },
    {
      name: path.join(ROOT, 'b.test.ts'),
      status: 'failed',
      message: 'No such module',
      assertionResults: [],
    },
  ];
  expect(readVitest(report({ numPassedTests: 1, numFailedTests: 1, testResults }), false).failures).toEqual([
    'packages/a.test.ts › a school closes: Error: It is open',
    'b.test.ts › the file: No such module',
  ]);
  const spec = (title: string, ok: boolean, results: object[]) => ({
    file: 'e2e/a.spec.ts',
    line: 3,
    title,
    ok,
    tests: [{ results }],
  });
  const suites = [
    {
      specs: [spec('opens', true, [{}])],
      suites: [
        {
          specs: [
            spec('closes', false, [{ errors: [{ message: 'It is open' }] }]),
            spec('again', true, [{}, {}]),
          ],
        },
      ],
    },
  ];
  const stats = { expected: 1, unexpected: 1, flaky: 1 };
  expect(readPlaywright(report({ stats, suites }), false).failures).toEqual([
    'e2e/a.spec.ts:3 › closes: It is open',
    'e2e/a.spec.ts:3 › again',
  ]);
});

it('a runner that fails without a failed test is one failure', () => {
  expect(readVitest(report({ numPassedTests: 7, numFailedTests: 0, ...none }), false)).toMatchObject({
    passed: 7,
    failed: 1,
  });
  const stats = { expected: 4, unexpected: 0, flaky: 0 };
  expect(readPlaywright(report({ stats, ...none }), false)).toMatchObject({ passed: 4, failed: 1 });
});

it('a report that is missing or cut short is one failure, even when the process ended well', () => {
  const absent = path.join(folder, 'absent.json');
  expect(readVitest(absent, true)).toMatchObject({ passed: 0, failed: 1 });
  fs.writeFileSync(path.join(folder, 'half.json'), '{"stats": {');
  expect(readPlaywright(path.join(folder, 'half.json'), true)).toMatchObject({ passed: 0, failed: 1 });
});
