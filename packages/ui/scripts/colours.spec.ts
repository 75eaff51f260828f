import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { coloursCss } from './colours.ts';

it('colours.css holds what packages/theme derives; else run `pnpm --filter @preau/ui colours`', () => {
  const file = readFileSync(join(import.meta.dirname, '../src/colours.css'), 'utf8');
  const bare = (css: string): string[] => css.replaceAll(/\s+/g, '').split(';');
  expect(bare(file)).toEqual(bare(coloursCss()));
});
