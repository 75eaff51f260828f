import { mkdirSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { CHROMIUM_FLAGS, lookForChromium } from '@preau/testkit/chromium';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { SCENES, type Scene } from './scenes.ts';

const WIDTHS = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } } as const;

export interface Look {
  width: keyof typeof WIDTHS;
  mode: 'light' | 'dark';
  language: 'fr' | 'en';
}
export const LOOKS: readonly Look[] = (['wide', 'narrow'] as const).flatMap((width) =>
  (['light', 'dark'] as const).flatMap((mode) =>
    (['fr', 'en'] as const).map((language): Look => ({ width, mode, language })),
  ),
);

export interface Installation {
  /** Port on loopback of a running installation with the demonstration schools. */
  port: number;
  admin: { email: string; password: string };
  demoPassword: string;
}

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>;

function originOf({ port }: Installation, host?: string): string {
  return `http://${host ? `${host}.` : ''}localhost:${port}`;
}

/** One session for each person and host, kept: logins are limited to a few a minute. */
async function logIn(browser: Browser, installation: Installation, { host, as }: Scene): Promise<Cookies> {
  const context = await browser.newContext();
  const origin = originOf(installation, host);
  const { admin, demoPassword } = installation;
  const data = as === 'superadmin' ? admin : { email: `${as}@${host}.invalid`, password: demoPassword };
  // From a page: Node does not resolve names below localhost, browsers do.
  const page = await context.newPage();
  await page.goto(`${origin}/healthz`);
  const refusal = await page.evaluate(async (body) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch('/api/v1/auth/login/', { method: 'POST', headers, body });
    return answer.ok ? null : answer.text();
  }, JSON.stringify(data));
  if (refusal !== null) throw new Error(`${data.email} cannot log in: ${refusal}`);
  const cookies = await context.cookies();
  await context.close();
  return cookies;
}

export interface Taken {
  scene: Scene;
  /** What the screen calls itself. */
  heading: string;
}

/** Screenshots of the scenes whose file name matches, in the looks given, and what the pages complained about. */
export async function takeShots(
  installation: Installation,
  folder: string,
  choose: (name: string, scene: Scene, look: Look) => boolean,
): Promise<{ taken: Taken[]; complaints: string[] }> {
  const executablePath = lookForChromium();
  if (!executablePath) throw new Error('No Chromium on this machine: install the package chromium');
  mkdirSync(folder, { recursive: true });
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  const sessions = new Map<string, Cookies>();
  const complaints: string[] = [];
  const taken: Taken[] = [];
  try {
    for (const scene of SCENES) {
      for (const look of LOOKS) {
        const name = `${scene.name}.${look.width}.${look.mode}.${look.language}`;
        if (!choose(name, scene, look)) continue;
        const context = await browser.newContext({
          viewport: WIDTHS[look.width],
          colorScheme: look.mode,
          locale: look.language === 'fr' ? 'fr-FR' : 'en-GB',
          timezoneId: 'Europe/Paris',
          reducedMotion: 'reduce',
        });
        if (scene.as) {
          const key = `${scene.as}@${scene.host}`;
          if (!sessions.has(key)) sessions.set(key, await logIn(browser, installation, scene));
          await context.addCookies(sessions.get(key) ?? []);
        }
        const page = await context.newPage();
        page.on('console', (message) => {
          // Asking who is logged in and hearing nobody is how a visitor's page starts.
          if (/status of (?:401|403|404)/.test(message.text())) return;
          if (message.type() === 'error' || message.type() === 'warning')
            complaints.push(`${name}: ${message.text()}`);
        });
        page.on('pageerror', (error) => complaints.push(`${name}: ${error.message}`));
        await page.goto(originOf(installation, scene.host) + scene.path);
        await page.locator('h1').first().waitFor();
        await scene.prepare?.(page);
        await page.waitForLoadState('networkidle');
        const sideways = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
        if (sideways) complaints.push(`${name}: the page scrolls sideways`);
        const heading = await page.locator('h1').last().textContent();
        taken.push({ scene, heading: heading?.trim() ?? scene.name });
        // Screens have few colours: a third of the size, and none of it is seen.
        const picture = sharp(await page.screenshot({ fullPage: true })).png({ palette: true, effort: 10 });
        await picture.toFile(path.join(folder, `${name}.png`));
        await context.close();
      }
    }
  } finally {
    await browser.close();
  }
  return { taken, complaints };
}
