import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import process from 'node:process';
import { lookForChromium } from '@preau/testkit/chromium';

const PROGRAMS = ['redis-server', 'pgbouncer', 'chromium', 'caddy', 'dnsmasq'] as const;

type Program = (typeof PROGRAMS)[number];

/** What the logic below asks of the machine; a test gives its own. */
export interface Machine {
  /** Whether a program is there and answers to --version. */
  has(program: Program): boolean;
  /** Content of /etc/os-release, or the platform's name where there is none. */
  system: string;
  isRoot: boolean;
  /** Runs a command on the terminal; false when it fails or is missing. */
  run(command: string[]): boolean;
  say(line: string): void;
}

/** Ids of os-release (ID and ID_LIKE), e.g. `ubuntu`, `debian`. */
function distributions(system: string): string[] {
  return [...system.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].flatMap((match) =>
    (match[1] ?? '').split(' '),
  );
}

/** Words of the command that installs these programs, without sudo; undefined where we do not know one. */
export function installCommand(system: string, missing: readonly Program[]): string[] | undefined {
  const ids = distributions(system);
  const named = (names: Partial<Record<Program, string>>): string[] =>
    missing.flatMap((program) => (names[program] ?? program).split(' '));
  const debian = ['apt-get', 'install', '-y', '--no-install-recommends'];
  // The program without the service that would answer for the whole machine.
  const dnsmasq = 'dnsmasq-base';
  if (ids.includes('ubuntu')) return [...debian, ...named({ chromium: 'chromium-browser', dnsmasq })];
  if (ids.includes('debian')) return [...debian, ...named({ dnsmasq })];
  const elsewhere = { 'redis-server': 'redis' };
  if (ids.includes('fedora')) return ['dnf', 'install', '-y', ...named(elsewhere)];
  if (ids.includes('arch')) return ['pacman', '-S', '--noconfirm', ...named(elsewhere)];
  if (ids.includes('alpine')) return ['apk', 'add', ...named(elsewhere)];
  if (system === 'darwin')
    return ['brew', 'install', ...named({ ...elsewhere, chromium: '--cask chromium' })];
  return undefined;
}

const inWords = (programs: readonly Program[]): string =>
  programs.join(', ').replace(/, ([^,]*)$/, ' and $1');

/** Makes sure that tests find what they run beside the product, and a browser; installs them where it may. False: told what to type. */
export function ensureSystemPackages(machine: Machine): boolean {
  const missing = (): Program[] => PROGRAMS.filter((program) => !machine.has(program));
  const before = missing();
  if (before.length === 0) return true;
  const command = installCommand(machine.system, before);
  if (!command) {
    machine.say(`Tests need ${inWords(before)}. Install them, or set PREAU_CHROMIUM to a browser's path.`);
    return false;
  }
  const sudo = machine.isRoot || machine.system === 'darwin' ? [] : ['sudo'];
  const advice = `Tests need ${inWords(before)}. Type:\n  ${[...sudo, ...command].join(' ')}`;
  if (command[0] !== 'apt-get' || !(machine.isRoot || machine.run(['sudo', '-n', 'true']))) {
    machine.say(advice);
    return false;
  }
  machine.say(`Installing ${inWords(before)}`);
  const prefix = machine.isRoot ? ['env'] : ['sudo', '-n', 'env'];
  const apt = (words: string[]): boolean =>
    machine.run([...prefix, 'DEBIAN_FRONTEND=noninteractive', ...words]);
  // Package lists are absent in most containers and stale on most machines; fresh ones cost seconds.
  const installed = apt(command) || (apt(['apt-get', 'update']) && apt(command));
  const still = missing();
  if (installed && still.length === 0) return true;
  machine.say(still.length === 0 ? '' : `${inWords(still)} could not be installed.\n${advice}`);
  return still.length === 0;
}

const thisMachine: Machine = {
  has(program) {
    const file = program === 'chromium' ? lookForChromium() : program;
    // Daemons are where an ordinary user's PATH does not lead.
    const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` };
    const word = program === 'caddy' ? 'version' : '--version';
    return file !== undefined && spawnSync(file, [word], { stdio: 'ignore', env }).status === 0;
  },
  system: fs.existsSync('/etc/os-release') ? fs.readFileSync('/etc/os-release', 'utf8') : process.platform,
  isRoot: process.getuid?.() === 0,
  run([program = '', ...args]) {
    return spawnSync(program, args, { stdio: 'inherit' }).status === 0;
  },
  say: (line) => void process.stdout.write(`${line}\n`),
};

if (import.meta.main && !ensureSystemPackages(thisMachine)) process.exitCode = 1;
