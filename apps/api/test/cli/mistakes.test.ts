import { afterEach, expect, test, vi } from 'vitest';
import { main } from '../../src/cli.ts';

afterEach(() => vi.restoreAllMocks());

async function typed(...argv: string[]): Promise<{ code: number; said: string }> {
  let said = '';
  const listen = (text: unknown) => {
    said += String(text);
    return true;
  };
  vi.spyOn(process.stderr, 'write').mockImplementation(listen);
  vi.spyOn(process.stdout, 'write').mockImplementation(listen);
  return { code: await main(argv), said };
}

test('a mistyped command is answered with the help of the command it belongs to', async () => {
  const { code, said } = await typed('tenants', 'lst');
  expect(code).toBe(2);
  expect(said).toContain('(Did you mean list?)');
  expect(said).toContain('(preau tenants --help says more)');
});

test('a missing option is answered with the help of that command', async () => {
  const { code, said } = await typed('tenants', 'create');
  expect(code).toBe(2);
  expect(said).toContain('(preau tenants create --help says more)');
});

test('closing and reopening a school answer to the words people say', async () => {
  expect((await typed('tenants', 'suspend', '--help')).said).toContain('preau tenants deactivate|suspend');
  expect((await typed('tenants', 'reopen', '--help')).said).toContain('preau tenants activate|reopen');
});
