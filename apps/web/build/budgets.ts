import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';
import { straying, weigh, type Budget, type Manifest } from './first-load.ts';

const KB = 1000;
const ENTRY = 'index.html';
const face = (name: string, limit: number): Budget => ({
  name: `first load, ${name}`,
  entries: [ENTRY, `src/shells/${name}/start.ts`, `src/shells/${name}/messages.fr.ts`],
  limit: limit * KB,
});
const BUDGETS = [face('public', 60), face('portal', 150), face('console', 170)];
const LAZY_LIMIT = 80 * KB;

/** Fails the build when a face weighs more than it may (gzip, JavaScript and styles). */
export function budgets(): Plugin {
  let root = '';
  return {
    name: 'preau-budgets',
    apply: 'build',
    configResolved: ({ root: base, build }) => void (root = join(base, build.outDir)),
    closeBundle() {
      const manifest = JSON.parse(readFileSync(join(root, '.vite/manifest.json'), 'utf8')) as Manifest;
      // The styles of two faces in one page contradict each other.
      const strays = [...straying(manifest, 'console', 'portal'), ...straying(manifest, 'portal', 'console')];
      if (strays.length > 0)
        this.error(`${strays.join(', ')}: of one face, and loads the other's (chunks.ts)`);
      const size = (file: string) => gzipSync(readFileSync(join(root, file)), { level: 9 }).length;
      const weighed = weigh(manifest, BUDGETS, LAZY_LIMIT, size);
      for (const { name, bytes, limit } of weighed.slice(0, BUDGETS.length)) {
        this.info(`${name}: ${(bytes / KB).toFixed(1)} kB of ${limit / KB}`);
      }
      const heavy = weighed.filter(({ bytes, limit }) => bytes > limit);
      if (heavy.length > 0) {
        this.error(
          heavy.map(({ name, bytes, limit }) => `${name} weighs ${bytes} bytes, at most ${limit}`).join('\n'),
        );
      }
    },
  };
}
