/** The part of Vite's manifest that is read here. */
export interface ManifestEntry {
  file: string;
  css?: string[];
  imports?: string[];
  dynamicImports?: string[];
}
export type Manifest = Readonly<Record<string, ManifestEntry>>;

/** Files that a chunk brings with it: itself, its static imports, their styles. */
export function filesOf(manifest: Manifest, key: string, seen = new Set<string>()): Set<string> {
  const files = new Set<string>();
  const entry = manifest[key];
  if (!entry || seen.has(key)) return files;
  seen.add(key);
  for (const file of [entry.file, ...(entry.css ?? [])]) files.add(file);
  for (const imported of entry.imports ?? []) {
    for (const file of filesOf(manifest, imported, seen)) files.add(file);
  }
  return files;
}

/** Pages that a face loads later and that need what another face begins with; by the names of the faces' own chunks. */
export function straying(manifest: Manifest, face: string, other: string): string[] {
  const isOf = (name: string) => (file: string) => file.includes(`/${name}-`) && file.endsWith('.js');
  const pages = Object.values(manifest)
    .filter(({ file }) => isOf(face)(file))
    .flatMap(({ dynamicImports }) => dynamicImports ?? []);
  return pages.filter((page) => [...filesOf(manifest, page)].some(isOf(other)));
}

export interface Weighed {
  name: string;
  bytes: number;
  limit: number;
}

export interface Budget {
  /** First load of a face: the entry, its shell, its words in one language. */
  name: string;
  entries: readonly string[];
  limit: number;
}

/**
 * Weight of each face's first load, and of every chunk that comes later, in compressed bytes. A chunk that a face loads
 * first is not counted again.
 */
export function weigh(
  manifest: Manifest,
  budgets: readonly Budget[],
  lazyLimit: number,
  size: (file: string) => number,
): Weighed[] {
  const first = new Set<string>();
  const weighed: Weighed[] = budgets.map(({ name, entries, limit }) => {
    const files = new Set(entries.flatMap((entry) => [...filesOf(manifest, entry)]));
    if (files.size === 0) throw new Error(`No chunk for ${name}: ${entries.join(', ')}`);
    for (const file of files) first.add(file);
    return { name, limit, bytes: [...files].reduce((sum, file) => sum + size(file), 0) };
  });
  for (const [key, { file }] of Object.entries(manifest)) {
    if (first.has(file) || !/\.(js|css)$/.test(file)) continue;
    weighed.push({ name: key, limit: lazyLimit, bytes: size(file) });
  }
  return weighed;
}
