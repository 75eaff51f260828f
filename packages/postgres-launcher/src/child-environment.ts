import process from 'node:process';

/**
 * The whole environment of initdb and postgres: nothing is inherited, because an inherited fr_FR that
 * is not installed makes initdb fail, PGDATA or PGPORT would redirect it, and a TMPDIR of root is closed
 * to the user that runs it. (Windows adds what its loader needs by itself.)
 */
export function childEnvironment(): NodeJS.ProcessEnv {
  return { LC_ALL: process.platform === 'linux' ? 'C.UTF-8' : 'C', TZ: 'UTC' };
}
