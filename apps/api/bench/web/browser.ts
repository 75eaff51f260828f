import { CHROMIUM_FLAGS, findChromium } from '@preau/testkit/chromium';
import { chromium, type Browser } from 'playwright-core';
import type { Endings } from '../endings.ts';

export interface ChosenBrowser {
  browser: Browser;
  /** Of its debugging protocol. */
  port: number;
  version: string;
}

/** The machine's Chromium, with a port for whoever else drives it. */
export async function openBrowser(endings: Endings, port: number): Promise<ChosenBrowser> {
  const browser = await chromium.launch({
    executablePath: findChromium(),
    // The proxy's certificates are of its own authority.
    args: [...CHROMIUM_FLAGS, '--ignore-certificate-errors', `--remote-debugging-port=${port}`],
  });
  endings.add(() => browser.close());
  return { browser, port, version: browser.version() };
}
