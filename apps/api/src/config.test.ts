import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ConfigError, loadConfig, secretsOf } from './config.ts';

const NEW = 'n'.repeat(32);
const OLD = 'o'.repeat(40);

it('takes the secrets in the order given, and hides them from the doctor', () => {
  const config = loadConfig({}, { PREAU_SECRET: `${NEW},${OLD}` });
  expect(secretsOf(config)).toEqual([NEW, OLD]);
  expect(config.origins.find(({ name }) => name === 'PREAU_SECRET')?.value).toBe('••••');
});

it.each([['short'], [`${NEW},short`], [`${NEW},`], [`${NEW}, ${OLD}`]])(
  'refuses the secrets %j, without saying them',
  (secrets) => {
    const load = () => loadConfig({}, { PREAU_SECRET: secrets });
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(/PREAU_SECRET/);
    expect(load).not.toThrow(secrets);
  },
);

it('makes one secret in the data folder, once, for its owner alone', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'preau-test-secret-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  const [made = ''] = secretsOf({ dataDir });
  expect(made.length).toBeGreaterThanOrEqual(43);
  expect(secretsOf({ dataDir })).toEqual([made]);
  expect(readdirSync(dataDir)).toEqual(['secret']);
  expect(statSync(join(dataDir, 'secret')).mode & 0o777).toBe(0o600);
});
