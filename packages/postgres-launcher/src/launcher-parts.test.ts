import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { findPackage } from './binaries.ts';
import { lockFolder } from './folder-lock.ts';
import { isAlive, startMark, workingDirectory } from './process-identity.ts';
import { explain } from './server-process.ts';
import { chooseSystemUser, type SystemUser, type UserTools } from './system-user.ts';

function tools(existing: Record<string, SystemUser>, creates: string[] = []): UserTools & { ran: string[] } {
  const users = { ...existing };
  const ran: string[] = [];
  return {
    ran,
    lookup: (name) => users[name],
    run(program, args) {
      ran.push([program, ...args].join(' '));
      if (!creates.includes(ran.at(-1) ?? '')) return false;
      users.preau = { uid: 990, gid: 990 };
      return true;
    },
  };
}

describe('the user that runs PostgreSQL for root', () => {
  const nobody = { uid: 65534, gid: 65534 };

  it('is postgres when the system has it, then preau, and nothing is created', () => {
    const preau = { uid: 7, gid: 7 };
    const both = tools({ postgres: { uid: 5, gid: 6 }, preau, nobody });
    expect(chooseSystemUser(both)).toEqual({ uid: 5, gid: 6 });
    expect(chooseSystemUser(tools({ preau, nobody }))).toEqual(preau);
    expect(both.ran).toEqual([]);
  });

  it('is created with useradd, or with what BusyBox has', () => {
    const useradd = 'useradd --system --no-create-home --user-group --shell /usr/sbin/nologin preau';
    expect(chooseSystemUser(tools({ nobody }, [useradd]))).toEqual({ uid: 990, gid: 990 });
    const busybox = tools({ nobody }, ['adduser -S -D -H -s /sbin/nologin preau']);
    expect(chooseSystemUser(busybox)).toEqual({ uid: 990, gid: 990 });
  });

  it('is nobody where users cannot be created, and never root', () => {
    expect(chooseSystemUser(tools({ nobody }))).toEqual(nobody);
    expect(() => chooseSystemUser(tools({ nobody: { uid: 0, gid: 0 } }))).toThrow(/refuses to run as root/);
    expect(() => chooseSystemUser(tools({}))).toThrow(/DATABASE_URL/);
  });
});

describe('reasons', () => {
  it('a platform without PostgreSQL is pointed to DATABASE_URL', () => {
    expect(() => findPackage('linux', 'riscv64')).toThrow(
      /no embedded PostgreSQL for linux-riscv64.*DATABASE_URL/,
    );
    expect(() => findPackage('freebsd', 'x64')).toThrow(/freebsd-x64/);
  });

  it.each([
    ['could not bind IPv4 address "127.0.0.1": Address already in use', 'port', /Port 4444 is taken/],
    ['FATAL:  lock file "postmaster.pid" already exists', 'held', /Another server/],
    ['FATAL:  pre-existing shared memory block (key 1) is still in use', 'held', /Another server/],
    ['FATAL:  could not write: No space left on device', 'other', /no space left/],
    ['error while loading shared libraries: libicuuc.so.60', 'other', /lacks a library.*DATABASE_URL/],
    ['FATAL:  something else', 'other', /did not start.*\n.*\nFATAL: {2}something else/],
  ])('%s', (log, kind, sentence) => {
    const programs = { initdb: '', postgres: '', pgCtl: '', version: '18' };
    const state = { superuserPassword: '', applicationPassword: '', prepared: true };
    const folder = { home: '/d', cluster: '/d/cluster', copies: '/d', remembered: true, state };
    const error = explain(log, 4444, programs, folder);
    expect(error.kind).toBe(kind);
    expect(error.message).toMatch(sentence);
    expect(error.message).toContain(log);
  });
});

describe('processes and locks', () => {
  it('tells this process from one that never was', () => {
    expect(isAlive(process.pid)).toBe(true);
    expect(isAlive(2 ** 22 + 1)).toBe(false);
    expect(startMark(process.pid)).toBe(startMark(process.pid));
    expect(workingDirectory(process.pid)).toBe(fs.realpathSync(process.cwd()));
  });

  it('lets one holder in at a time, also within one process', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'preau-lock-'));
    const file = path.join(folder, 'lock');
    const first = await lockFolder(file);
    await expect(lockFolder(file, 40)).rejects.toThrow(/Another process has held/);
    first.release();
    (await lockFolder(file, 0)).release();
    fs.rmSync(folder, { recursive: true });
  });
});
