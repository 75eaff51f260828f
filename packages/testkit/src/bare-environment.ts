import os from 'node:os';
import process from 'node:process';

/**
 * What a program that a test or a benchmark starts gets of this process's environment, besides what it is given: where programs
 * and folders are, and compiled code to share. Nothing that would change what it does.
 */
export function bareEnvironment(given: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { PATH = '', NODE_COMPILE_CACHE } = process.env;
  return {
    PATH,
    HOME: os.homedir(),
    TMPDIR: os.tmpdir(),
    ...(NODE_COMPILE_CACHE ? { NODE_COMPILE_CACHE } : {}),
    ...given,
  };
}
