import { describe, expect, it } from 'vitest';
import { runCommand } from './command.ts';
import { createEndings } from './endings.ts';
import { readWrk } from './load.ts';
import { atLeast, atMost, figure, type Report } from './report.ts';
import type { Scenario } from './scenario.ts';
import { median } from './statistics.ts';
import { asBatch, ddlOf, oneByOne } from './statements.ts';

const met: Scenario = async () => ({
  versions: { load: 'test 1' },
  results: [figure('rate', 1234.5678, 'requests/s'), atLeast('ratio', 0.8, 0.8)],
});
const missed: Scenario = async () => ({ versions: {}, results: [atMost('ratio', 1.5004, 1.5)] });

async function call(...args: string[]) {
  const texts = { out: '', notes: '' };
  const output = {
    out: (text: string) => void (texts.out += text),
    note: (text: string) => void (texts.notes += text),
  };
  const code = await runCommand({ name: 'bench', scenarios: { met, missed }, noisy: true }, args, output);
  return { code, ...texts };
}

describe('bench', () => {
  it('prints one object of the agreed shape with --json', async () => {
    const { code, out } = await call('met', '--json');
    const report = JSON.parse(out) as Report;
    expect(Object.keys(report)).toEqual(['command', 'scenario', 'machine', 'versions', 'results']);
    expect(report).toMatchObject({
      command: 'bench',
      scenario: 'met',
      versions: { node: process.versions.node, load: 'test 1' },
    });
    expect(report.results).toEqual([
      { name: 'rate', value: 1235, unit: 'requests/s', goal: null, holds: null },
      { name: 'ratio', value: 0.8, unit: 'ratio', goal: '≥ 0.80', holds: true },
    ]);
    expect(code).toBe(0);
  });

  it('judges a goal before it rounds', async () => {
    const { out } = await call('missed', '--json');
    expect((JSON.parse(out) as Report).results).toEqual([
      { name: 'ratio', value: 1.5, unit: 'ratio', goal: '≤ 1.50', holds: false },
    ]);
  });

  it('fails for a missed goal only when it is strict, and never in the short form', async () => {
    expect((await call('met', '--strict')).code).toBe(0);
    expect((await call('missed')).code).toBe(0);
    expect((await call('missed', '--strict')).code).toBe(1);
    expect((await call('missed', '--strict', '--short')).code).toBe(0);
    expect((await call('--strict')).code).toBe(1);
  });

  it('fails in the short form as well where no machine can be too busy for its goals', async () => {
    const silent = { out: () => {}, note: () => {} };
    const command = { name: 'chaos', scenarios: { missed }, noisy: false };
    expect(await runCommand(command, ['--strict', '--short'], silent)).toBe(1);
  });

  it('prints a table for people, with every scenario unless some are named', async () => {
    const { out } = await call();
    expect(out).toContain('met missed\n');
    expect(out).toMatch(/^ratio\s+0\.8\s+ratio\s+≥ 0\.80\s+✓$/m);
    expect(out).toMatch(/^ratio\s+1\.5\s+ratio\s+≤ 1\.50\s+✗ missed$/m);
  });

  it('refuses what it does not know', async () => {
    expect(await call('fast')).toMatchObject({
      code: 2,
      out: '',
      notes: expect.stringContaining('No such scenario: fast'),
    });
    expect(await call('--fast')).toMatchObject({ code: 2, out: '' });
    expect(await call('toString')).toMatchObject({ code: 2 });
    expect(await call('--seed', 'many')).toMatchObject({ code: 2 });
  });

  it('stops what a scenario started, last first, also when it fails', async () => {
    const ended: string[] = [];
    const failing: Scenario = async ({ endings }) => {
      endings.add(() => ended.push('database'));
      endings.add(() => ended.push('server'));
      throw new Error('broken');
    };
    const silent = { out: () => {}, note: () => {} };
    const command = { name: 'bench', scenarios: { failing }, noisy: true };
    await expect(runCommand(command, [], silent, createEndings())).rejects.toThrow('broken');
    expect(ended).toEqual(['server', 'database']);
  });
});

describe('median', () => {
  it('is the middle, or the mean of the two middle ones', () => {
    expect(median([3, 1, 10])).toBe(3);
    expect(median([4, 1, 10, 2])).toBe(3);
    expect(median([])).toBeNaN();
  });
});

describe('statements', () => {
  const plain = (text: string) => ({ text, values: [] });

  it('splits an opening into one message a statement', () => {
    const query = { text: 'SELECT $1', values: [1] };
    expect(oneByOne([plain('BEGIN READ ONLY;SET LOCAL ROLE t;'), query])).toEqual([
      plain('BEGIN READ ONLY'),
      plain('SET LOCAL ROLE t'),
      query,
    ]);
  });

  it('keeps of a provisioning what defines the schema', () => {
    const kept = [
      plain('CREATE ROLE t'),
      plain('SET LOCAL ROLE t; SET LOCAL search_path=t'),
      plain('\n  CREATE TABLE a ()'),
      plain('RESET ROLE'),
    ];
    const other = [
      plain('BEGIN;SET LOCAL search_path=x'),
      plain('SELECT 1'),
      { text: 'UPDATE a\nSET b = $1', values: [1] },
      plain('COMMIT;'),
    ];
    expect(ddlOf([...other, ...kept])).toEqual(kept);
    expect(asBatch(kept)).toBe(
      'BEGIN;\nCREATE ROLE t;\nSET LOCAL ROLE t; SET LOCAL search_path=t;\nCREATE TABLE a ();\nRESET ROLE;\nCOMMIT',
    );
  });

  it('makes no batch of a statement with values', () => {
    expect(() => asBatch([{ text: 'SELECT $1', values: [1] }])).toThrow('takes no values');
  });
});

describe('the report of wrk', () => {
  const report = '  4000 requests in 2.00s, 1MB read\nRequests/sec:   2000.50\n';

  it('is read with its failures', () => {
    expect(readWrk(report)).toEqual({ requests: 4_000, perSecond: 2_000.5, bad: 0 });
    const failures =
      '  Socket errors: connect 1, read 2, write 3, timeout 4\n  Non-2xx or 3xx responses: 5\n';
    expect(readWrk(failures + report).bad).toBe(15);
  });

  it('without a rate is an error', () => {
    expect(() => readWrk('unable to connect')).toThrow('measured nothing');
  });
});
