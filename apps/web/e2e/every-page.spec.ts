import type { BrowserContext, Page } from '@playwright/test';
import { derivePalette, themeStyleSheet } from '@preau/theme';
import { SCENES } from '../shots/scenes.ts';
import { expectAccessible, expectReadable } from './support/accessible.ts';
import { enter, expect, origin, test as base } from './support/school-pages.ts';

/** A person's browser stays open from scene to scene: what it has cached is not asked for and compiled two hundred times. */
const test = base.extend<{ who: string }, { browserOf: (who: string) => Promise<BrowserContext> }>({
  who: ['', { option: true }],
  browserOf: [
    async ({ browser }, use) => {
      const open = new Map<string, BrowserContext>();
      await use(async (who) => {
        const context = open.get(who) ?? (await browser.newContext());
        open.set(who, context);
        return context;
      });
      for (const context of open.values()) await context.close();
    },
    { scope: 'worker' },
  ],
  context: async ({ browserOf, who }, use) => use(await browserOf(who)),
  page: async ({ context }, use) => {
    const page = await context.newPage();
    await use(page);
    // Nothing of a scene is left to the next but the cache.
    await page.evaluate(() => {
      localStorage.clear();
      sessionStorage.clear();
    });
    await page.close();
    await context.clearCookies();
  },
});

test.describe.configure({ mode: 'parallel' });

const LOOKS = [
  {
    name: 'wide, light, French',
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    locale: 'fr-FR',
    lang: 'fr',
  },
  {
    name: 'phone, dark, English',
    viewport: { width: 390, height: 844 },
    colorScheme: 'dark',
    locale: 'en-GB',
    lang: 'en',
  },
] as const;

/** Colours of a school that are hard to write on. */
const YELLOW = themeStyleSheet(derivePalette({ primary: '#FFCC00', secondary: '#1D4E89' }).palette);
const OTHER_MODE = { light: 'dark', dark: 'light' } as const;

/** The page as it is, in the other mode, then in both under a yellow school's colours. */
async function expectReadableInEveryColour(page: Page, mode: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: OTHER_MODE[mode] });
  await expectReadable(page);
  await page.evaluate((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets = [sheet];
  }, YELLOW);
  await expectReadable(page);
  await page.emulateMedia({ colorScheme: mode });
  await expectReadable(page);
}

/** WCAG 1.4.10: 320 px are a wide screen at 400 %. */
async function expectNoSidewaysScroll(page: Page): Promise<void> {
  await page.setViewportSize({ width: 320, height: 640 });
  const { tooWide, hidden } = await page.evaluate(() => {
    const current = document.querySelector('nav [aria-current=page]')?.getBoundingClientRect();
    return {
      tooWide: document.documentElement.scrollWidth - innerWidth,
      hidden: current !== undefined && (current.left < -1 || current.right > innerWidth + 1),
    };
  });
  expect(tooWide, 'wider than the narrowest screen').toBeLessThanOrEqual(0);
  expect(hidden, 'the current entry of the navigation is out of sight').toBe(false);
}

for (const { name, lang, ...look } of LOOKS)
  for (const scene of SCENES)
    test.describe(`${name} › ${scene.name}`, () => {
      test.use({ ...look, who: `${name} ${scene.host} ${scene.as}` });

      test('no accessibility violation, nothing wider than the screen', async ({ page, context }) => {
        if (scene.as) await enter(context, scene.host ?? '', scene.as);
        await page.goto(origin(scene.host) + scene.path);
        await page.locator('h1').first().waitFor();
        await scene.prepare?.(page);
        await page.waitForLoadState('networkidle');
        await expect(page.locator('html')).toHaveAttribute('lang', lang);
        if (!scene.name.endsWith('missing'))
          await expect(page.locator('h1')).not.toHaveText(/^(Page introuvable|Page not found)$/);
        await expectAccessible(page);
        if (look.viewport.width < 1_000) await expectNoSidewaysScroll(page);
        else await expectReadableInEveryColour(page, look.colorScheme);
      });
    });
