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

it('keeps files in the data folder unless told', () => {
  expect(loadConfig({}, { PREAU_DATA_DIR: '/srv/preau' }).storage).toEqual({
    kind: 'disk',
    folder: '/srv/preau',
  });
  expect(loadConfig({}, { PREAU_STORAGE_URL: 'file:///srv/school%20files' }).storage).toEqual({
    kind: 'disk',
    folder: '/srv/school files',
  });
});

it('reads the address of a bucket, and hides its secret from the doctor', () => {
  const url = 's3://key:s%2Fcret@s3.example.org:9000/files?region=fr-par&path_style=1&tls=0';
  const config = loadConfig({}, { PREAU_STORAGE_URL: url });
  expect(config.storage).toEqual({
    kind: 's3',
    endpoint: 'http://s3.example.org:9000',
    bucket: 'files',
    region: 'fr-par',
    pathStyle: true,
    credentials: { accessKeyId: 'key', secretAccessKey: 's/cret' },
  });
  const shown = config.origins.find(({ name }) => name === 'PREAU_STORAGE_URL')?.value;
  expect(shown).toContain('s3.example.org:9000/files');
  expect(shown).not.toContain('cret');
  expect(loadConfig({}, { PREAU_STORAGE_URL: 's3://k:s@s3.example.org/files' }).storage).toMatchObject({
    endpoint: 'https://s3.example.org',
    region: 'us-east-1',
    pathStyle: false,
  });
});

it.each([
  'files',
  'https://s3.example.org/files',
  'file://files',
  's3://key:hushhush@s3.example.org/',
  's3://key:hushhush@s3.example.org/a/b',
  's3://s3.example.org/files',
  's3://key:hushhush@s3.example.org/files?tls=no',
])('refuses to keep files at %j, without saying a secret', (url) => {
  const load = () => loadConfig({}, { PREAU_STORAGE_URL: url });
  expect(load).toThrow(ConfigError);
  expect(load).toThrow(/PREAU_STORAGE_URL/);
  expect(load).not.toThrow('hushhush');
});
