import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** Files of the repository as they are now, committed or not; what is ignored stays out. */
function filesOf(root: string): string[] {
  const output = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return [...new Set(output.split('\0').filter(Boolean))];
}

/**
 * Copies the repository to a new folder, where the workspace's packages are the copy's own and everything that was
 * installed is shared. Links are kept as they are written: relative ones lead inside the copy.
 */
export function copyRepository(root: string, target: string): void {
  const packages = new Set(['.']);
  for (const file of filesOf(root)) {
    const source = path.join(root, file);
    if (!fs.existsSync(source)) continue; // deleted, not committed yet
    fs.cpSync(source, path.join(target, file), { verbatimSymlinks: true });
    if (path.basename(file) === 'package.json') packages.add(path.dirname(file));
  }
  for (const folder of packages) {
    const installed = path.join(root, folder, 'node_modules');
    if (!fs.existsSync(installed)) continue;
    fs.cpSync(installed, path.join(target, folder, 'node_modules'), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => !/node_modules\/\.(pnpm|vite|vite-temp|vitest-cache)$/.test(source),
    });
  }
  fs.symlinkSync(path.join(root, 'node_modules/.pnpm'), path.join(target, 'node_modules/.pnpm'));
}
