import { CHROMIUM_FLAGS, findChromium } from '@preau/testkit/chromium';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import type { Endings } from '../endings.ts';

export interface ChosenBrowser {
  browser: Browser;
  /** Of its debugging protocol. */
  port: number;
  /** Where pages are opened by whoever comes by that port; its cookies are theirs. */
  shared: BrowserContext;
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
  const [shared] = (await chromium.connectOverCDP(`http://127.0.0.1:${port}`)).contexts();
  if (!shared) throw new Error('The browser has no context of its own');
  // Its cookies would go with the last of its pages.
  await shared.newPage();
  return { browser, port, shared, version: browser.version() };
}
