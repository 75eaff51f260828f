import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Face, Language } from '@preau/contracts/vocabulary';
import { FIRST_PAGES, type FirstPage } from './first-pages.ts';

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

/** Also finds words, whose entries in the manifest begin with the folder that the application was built in. */
function keyOf(manifest: Manifest, part: string): string | undefined {
  return part in manifest ? part : Object.keys(manifest).find((key) => key.endsWith(`/${part}.js`));
}

const styleLink = (file: string): string => `<link rel="preload" as="style" crossorigin href="/${file}">`;
const scriptLink = (file: string): string => `<link rel="modulepreload" crossorigin href="/${file}">`;
const readLink = (address: string): string => `<link rel="preload" as="fetch" crossorigin href="${address}">`;

/**
 * What a face loads first, named in its page: the browser then fetches all of it at once instead of learning of each file from
 * the one before, a round trip every time; of a first page its parts and reads, and any other `parts`. Empty where the application is not built.
 */
export function preloadsOf(
  root: string,
): (face: Face, language: Language, page: string | null, parts?: readonly string[]) => string {
  const path = join(root, '.vite/manifest.json');
  const manifest = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Manifest) : {};
  const known = new Set<string>();
  filesOf(manifest, ENTRY, known, known);
  const made = new Map<string, string>();
  return (face, language, page, parts = []) => {
    const key = [face, language, page, ...parts].join(' ');
    const before = made.get(key);
    if (before !== undefined) return before;
    const first: FirstPage | undefined =
      page === null ? undefined : (FIRST_PAGES[face] as Record<string, FirstPage>)[page];
    const shell = [`src/shells/${face}/start.ts`, `src/shells/${face}/messages.${language}.ts`];
    const scripts = new Set<string>();
    const styles = new Set<string>();
    for (const part of [...shell, ...(first?.parts ?? []), ...parts])
      filesOf(manifest, keyOf(manifest, part.replace('{language}', language)) ?? '', scripts, styles);
    const links = [
      ...[...styles].map(styleLink),
      ...[...scripts].filter((file) => !known.has(file)).map(scriptLink),
      ...(first?.reads ?? []).map(readLink),
    ].join('');
    made.set(key, links);
    return links;
  };
}
