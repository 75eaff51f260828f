import { describe, expect, it } from 'vitest';
import { ensureSystemPackages, type Machine } from './system-packages.ts';

const DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\n';
const UBUNTU = 'ID=ubuntu\nID_LIKE=debian\n';
const MINT = 'ID=linuxmint\nID_LIKE="ubuntu debian"\n';
const FEDORA = 'ID=fedora\n';

interface Setting {
  missing: string[];
  system?: string;
  isRoot?: boolean;
  /** Commands that fail, by their beginning. */
  failing?: string[];
}

function machine({ missing, system = DEBIAN, isRoot = true, failing = [] }: Setting) {
  const ran: string[] = [];
  const said: string[] = [];
  const absent = new Set(missing);
  const fake: Machine = {
    has: (program) => !absent.has(program),
    system,
    isRoot,
    run(command) {
      const line = command.join(' ').replace(/env DEBIAN_FRONTEND=noninteractive /, '');
      ran.push(line);
      const at = failing.findIndex((beginning) => line.startsWith(beginning));
      if (at >= 0) {
        failing.splice(at, 1);
        return false;
      }
      if (line.includes('apt-get install')) absent.clear();
      return true;
    },
    say: (line) => void said.push(line),
  };
  return { fake, ran, said };
}

const INSTALL = 'apt-get install -y --no-install-recommends';

describe('system packages', () => {
  it('nothing happens on a machine that has them', () => {
    const { fake, ran, said } = machine({ missing: [] });
    expect(ensureSystemPackages(fake)).toBe(true);
    expect([...ran, ...said]).toEqual([]);
  });

  it.each([
    ['redis-server', 'redis-server'],
    ['pgbouncer', 'pgbouncer'],
    ['chromium', 'chromium'],
    ['caddy', 'caddy'],
    ['dnsmasq', 'dnsmasq-base'],
  ])('root on Debian installs %s, and only that', (program, name) => {
    const { fake, ran } = machine({ missing: [program] });
    expect(ensureSystemPackages(fake)).toBe(true);
    expect(ran).toEqual([`${INSTALL} ${name}`]);
  });

  it('package lists are fetched when the first attempt fails', () => {
    const { fake, ran } = machine({ missing: ['redis-server', 'chromium'], failing: [INSTALL] });
    expect(ensureSystemPackages(fake)).toBe(true);
    expect(ran).toEqual([
      `${INSTALL} redis-server chromium`,
      'apt-get update',
      `${INSTALL} redis-server chromium`,
    ]);
  });

  it.each([UBUNTU, MINT])('Ubuntu and its kin name the browser otherwise: %s', (system) => {
    const { fake, ran } = machine({ missing: ['chromium'], system });
    expect(ensureSystemPackages(fake)).toBe(true);
    expect(ran).toEqual([`${INSTALL} chromium-browser`]);
  });

  it('a user with sudo and no password to type uses it', () => {
    const { fake, ran } = machine({ missing: ['chromium'], isRoot: false });
    expect(ensureSystemPackages(fake)).toBe(true);
    expect(ran).toEqual(['sudo -n true', `sudo -n ${INSTALL} chromium`]);
  });

  it('a user without is told exactly what to type', () => {
    const { fake, ran, said } = machine({
      missing: ['redis-server', 'pgbouncer', 'chromium'],
      isRoot: false,
      failing: ['sudo -n true'],
    });
    expect(ensureSystemPackages(fake)).toBe(false);
    expect(ran).toEqual(['sudo -n true']);
    expect(said).toEqual([
      `Tests need redis-server, pgbouncer and chromium. Type:\n  sudo ${INSTALL} redis-server pgbouncer chromium`,
    ]);
  });

  it('other systems are told their own command, and nothing is run', () => {
    const fedora = machine({ missing: ['redis-server'], system: FEDORA });
    expect(ensureSystemPackages(fedora.fake)).toBe(false);
    expect(fedora.said.join()).toContain('dnf install -y redis');
    const mac = machine({ missing: ['redis-server', 'chromium'], system: 'darwin', isRoot: false });
    expect(ensureSystemPackages(mac.fake)).toBe(false);
    expect(mac.said.join()).toContain('  brew install redis --cask chromium');
    const unknown = machine({ missing: ['chromium'], system: 'win32', isRoot: false });
    expect(ensureSystemPackages(unknown.fake)).toBe(false);
    expect(unknown.said.join()).toContain('PREAU_CHROMIUM');
    expect([...fedora.ran, ...mac.ran, ...unknown.ran]).toEqual([]);
  });

  it('an installation that fails twice is a failure with advice', () => {
    const { fake, said } = machine({ missing: ['chromium'], failing: [INSTALL, INSTALL] });
    expect(ensureSystemPackages(fake)).toBe(false);
    expect(said.at(-1)).toContain(
      `chromium could not be installed.\nTests need chromium. Type:\n  ${INSTALL} chromium`,
    );
  });
});
