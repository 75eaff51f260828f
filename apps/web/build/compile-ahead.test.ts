import { build, type Rolldown } from 'vite';
import { expect, test } from 'vitest';
import { compileAhead } from './compile-ahead.ts';

const FILES: Record<string, string> = {
  entry: 'import "base"; import("page").then(console.log);',
  base: 'globalThis.base = 1;',
  page: 'export const page = 1;',
};

test('what every page runs begins with the hint, what is loaded later does not', async () => {
  const { output } = (await build({
    configFile: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'files',
        resolveId: (id) => (id in FILES ? `\0${id}` : null),
        load: (id) => FILES[id.slice(1)] ?? null,
      },
      compileAhead(),
    ],
    build: {
      write: false,
      rolldownOptions: {
        input: 'entry',
        output: { codeSplitting: { groups: [{ name: 'base', test: /^\0base$/ }] } },
      },
    },
  })) as Rolldown.RolldownOutput;
  const hinted = output.filter(
    (file) => file.type === 'chunk' && file.code.startsWith('//# allFunctionsCalledOnLoad\n'),
  );
  expect(hinted.map(({ fileName }) => fileName)).toEqual([expect.stringMatching(/\/base-/)]);
  expect(output.length).toBeGreaterThan(2);
});
