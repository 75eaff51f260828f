import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const ELSEWHERE = [
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * Flags for a Chromium that runs as root, in a container, without a screen, and speaks to nobody but
 * the page under test. Playwright adds --headless itself.
 */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function isProgram(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Path of a Chromium on this machine: PREAU_CHROMIUM, then PATH, then the usual places; undefined if none. */
export function lookForChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env.PREAU_CHROMIUM) return isProgram(env.PREAU_CHROMIUM) ? env.PREAU_CHROMIUM : undefined;
  const folders = (env.PATH ?? '').split(path.delimiter).filter(Boolean);
  const candidates = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return [...candidates, ...ELSEWHERE].find(isProgram);
}

/** Like lookForChromium, but throws with what to install when there is none. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string {
  const found = lookForChromium(env);
  if (found) return found;
  throw new Error(
    'No Chromium on this machine. On Debian and Ubuntu: apt-get install chromium. Elsewhere set PREAU_CHROMIUM to its path.',
  );
}
