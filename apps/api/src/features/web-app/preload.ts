import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Face, Language } from '@preau/contracts/vocabulary';

interface Chunk {
  file: string;
  css?: string[];
  imports?: string[];
}
type Manifest = Readonly<Record<string, Chunk>>;

const ENTRY = 'index.html';

function filesOf(manifest: Manifest, key: string, scripts: Set<string>, styles: Set<string>): void {
  const chunk = manifest[key];
  if (!chunk || scripts.has(chunk.file)) return;
  scripts.add(chunk.file);
  for (const style of chunk.css ?? []) styles.add(style);
  for (const imported of chunk.imports ?? []) filesOf(manifest, imported, scripts, styles);
}

/**
 * What a face loads first, named in its page: the browser then fetches all of it at once instead of learning of each file from
 * the one before, a round trip every time. Empty where the application is not built.
 */
export function preloadsOf(root: string): (face: Face, language: Language) => string {
  const path = join(root, '.vite/manifest.json');
  const manifest = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Manifest) : {};
  const known = new Set<string>();
  filesOf(manifest, ENTRY, known, known);
  const made = new Map<string, string>();
  return (face, language) => {
    const key = `${face} ${language}`;
    const before = made.get(key);
    if (before !== undefined) return before;
    const scripts = new Set<string>();
    const styles = new Set<string>();
    for (const part of [`start.ts`, `messages.${language}.ts`])
      filesOf(manifest, `src/shells/${face}/${part}`, scripts, styles);
    const links =
      [...styles].map((file) => `<link rel="preload" as="style" crossorigin href="/${file}">`).join('') +
      [...scripts]
        .filter((file) => !known.has(file))
        .map((file) => `<link rel="modulepreload" crossorigin href="/${file}">`)
        .join('');
    made.set(key, links);
    return links;
  };
}
