import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import process from 'node:process';

const PROC = process.platform === 'linux';

function ps(pid: number, column: string): string | undefined {
  try {
    return execFileSync('/bin/ps', ['-ww', '-o', `${column}=`, '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { LC_ALL: 'C' },
    }).trim();
  } catch {
    return undefined;
  }
}

/**
 * Fields of /proc/<pid>/stat from the third on (state is first).
 * The command name before them may itself hold spaces and parentheses.
 */
function procStat(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** True while the process runs; a zombie (killed, not yet reaped by its parent) counts as dead. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it exists, under another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return !(PROC && procStat(pid)?.[0] === 'Z');
}

/**
 * An opaque string that differs between two processes that had the same pid one after the other;
 * undefined where the system does not tell.
 */
export function startMark(pid: number): string | undefined {
  if (PROC) return procStat(pid)?.[19];
  return process.platform === 'win32' ? undefined : ps(pid, 'lstart');
}

/** The program's path as it was called; undefined where the system does not tell. */
export function programOf(pid: number): string | undefined {
  if (PROC) {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0];
    } catch {
      return undefined;
    }
  }
  return process.platform === 'win32' ? undefined : ps(pid, 'comm');
}

/**
 * Real path of the process's working directory, followed through renames; undefined where the system
 * does not tell (Windows, another user's process).
 */
export function workingDirectory(pid: number): string | undefined {
  try {
    if (PROC) return readlinkSync(`/proc/${pid}/cwd`);
    if (process.platform !== 'darwin') return undefined;
    const fields = execFileSync('/usr/sbin/lsof', ['-a', '-d', 'cwd', '-Fn', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return /^n(.*)$/m.exec(fields)?.[1];
  } catch {
    return undefined;
  }
}
