import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { ROOT, runStage, tool } from './stage.ts';

const SOURCES = ['apps/web', 'packages/ui', 'packages/contracts', 'packages/theme'];
const SKIPPED = new Set(['node_modules', 'dist', 'e2e', 'test-results', 'playwright-report', '.cache']);
const TEST = /\.(spec|test)\.ts$/;

function filesBelow(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : filesBelow(file);
    return entry.isFile() && !TEST.test(entry.name) ? [file] : [];
  });
}

/** Digest of everything the web build reads. By content: a checkout gives every file a new time. */
export function digestSources(root: string = ROOT): string {
  const hash = createHash('sha256');
  const files = SOURCES.map((source) => path.join(root, source))
    .filter((folder) => fs.existsSync(folder))
    .flatMap(filesBelow);
  for (const file of [...files.toSorted(), path.join(root, 'pnpm-lock.yaml')]) {
    hash
      .update(`${path.relative(root, file)}\0`)
      .update(fs.readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

/** True when the build that is there was made from other sources, or is not there. */
export function isStale(root: string = ROOT): boolean {
  const note = path.join(root, 'apps/web/dist/.sources');
  return !fs.existsSync(note) || fs.readFileSync(note, 'utf8') !== digestSources(root);
}

/** Builds the web app unless the build fits its sources. Resolves to false when the build fails. */
export async function ensureWebBuild(options: { quiet?: boolean } = {}): Promise<boolean> {
  if (!isStale()) return true;
  const digest = digestSources();
  const { ok, output } = await runStage(tool('vite', 'build', 'apps/web'), options);
  if (!ok) process.stderr.write(output);
  // Last, so that a build cut short counts as none.
  else fs.writeFileSync(path.join(ROOT, 'apps/web/dist/.sources'), digest);
  return ok;
}
