import type { Page } from '@playwright/test';
import { derivePalette, themeStyleSheet } from '@preau/theme';
import { SCENES } from '../shots/scenes.ts';
import { expectAccessible, expectReadable } from './support/accessible.ts';
import { followRequests } from './support/requests.ts';
import { enter, expect, origin, test as base } from './support/school-pages.ts';

interface Window {
  page: Page;
  /** Waits for what the page has asked for. */
  answered: () => Promise<void>;
}

/** A person's window stays open from scene to scene: two hundred new ones take longer than all that is looked at in them. */
const test = base.extend<
  { who: string; answered: () => Promise<void> },
  { windowOf: (who: string) => Promise<Window> }
>({
  who: ['', { option: true }],
  windowOf: [
    async ({ browser }, use) => {
      const open = new Map<string, Window>();
      await use(async (who) => {
        const known = open.get(who);
        if (known) return known;
        const page = await (await browser.newContext()).newPage();
        const made = { page, answered: followRequests(page) };
        open.set(who, made);
        return made;
      });
      for (const { page } of open.values()) await page.context().close();
    },
    { scope: 'worker' },
  ],
  answered: async ({ windowOf, who }, use) => use((await windowOf(who)).answered),
  context: async ({ windowOf, who }, use) => use((await windowOf(who)).page.context()),
  page: async ({ windowOf, who, viewport, colorScheme }, use) => {
    const { page } = await windowOf(who);
    if (viewport) await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    await use(page);
    // Nothing of a scene is left to the next but the cache.
    await page.evaluate(() => {
      localStorage.clear();
      sessionStorage.clear();
    });
    await page.context().clearCookies();
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

/** The colours that are hardest to write on, and on which least can be read. */
const YELLOW = themeStyleSheet(derivePalette({ primary: '#FFEB3B', secondary: '#FFFFFF' }).palette);
const OTHER_MODE = { light: 'dark', dark: 'light' } as const;

/** So that each school's colours are seen in each mode and each language: what was not looked at yet. */
async function expectReadableInYellow(page: Page, mode: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: OTHER_MODE[mode] });
  await page.evaluate((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets = [sheet];
  }, YELLOW);
  await expectReadable(page);
}

/** WCAG 1.4.10: 320 px are a wide screen at 400 %. */
async function expectNoSidewaysScroll(page: Page): Promise<void> {
  await page.setViewportSize({ width: 320, height: 640 });
  const look = () =>
    page.evaluate(() => {
      const current = document.querySelector('nav [aria-current=page]')?.getBoundingClientRect();
      return {
        tooWide: document.documentElement.scrollWidth > innerWidth,
        currentOutOfSight: current !== undefined && (current.left < -1 || current.right > innerWidth + 1),
      };
    });
  // Charts and bars follow a frame later.
  await expect.poll(look).toEqual({ tooWide: false, currentOutOfSight: false });
}

for (const { name, lang, ...look } of LOOKS)
  for (const scene of SCENES)
    test.describe(`${name} › ${scene.name}`, () => {
      test.use({ ...look, who: `${name} ${scene.host} ${scene.as}` });

      test('no accessibility violation, nothing wider than the screen', async ({
        page,
        context,
        answered,
      }) => {
        if (scene.as) await enter(context, scene.host ?? '', scene.as);
        await page.goto(origin(scene.host) + scene.path);
        await page.locator('h1').first().waitFor();
        await scene.prepare?.(page);
        await answered();
        await expect(page.locator('html')).toHaveAttribute('lang', lang);
        if (!scene.name.endsWith('missing'))
          await expect(page.locator('h1').last()).not.toHaveText(/^(Page introuvable|Page not found)$/);
        await expectAccessible(page);
        await expectReadableInYellow(page, look.colorScheme);
        if (look.viewport.width < 1_000) await expectNoSidewaysScroll(page);
      });
    });
