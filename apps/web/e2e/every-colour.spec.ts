import { AxeBuilder } from '@axe-core/playwright';
import { TAGS } from './support/accessible.ts';
import { ask, enter, expect, origin, test } from './support/school-pages.ts';

/** What the navigation does not lead an administrator to. */
const BESIDES = [
  '/announcements/new',
  '/members/invitations',
  '/notifications',
  '/notifications/preferences',
  '/profile',
  '/security',
  '/accessibility',
  '/no-such-page',
];
const SCHOOLS = [
  { school: 'demo-ecole', language: 'fr', primary_color: '#FFEB3B', secondary_color: '#FFFFFF' },
  { school: 'demo-college', language: 'en', primary_color: '#1B5E20', secondary_color: '#B71C1C' },
];
const NARROW = { width: 320, height: 700 };
const WIDE = { width: 1280, height: 800 };

for (const { school, language, ...colours } of SCHOOLS) {
  test(`${colours.primary_color} on ${colours.secondary_color}, ${language}: every page, light and dark, and 320 px wide`, async ({
    page,
    context,
  }) => {
    test.setTimeout(240_000);
    const cookie = await enter(context, school, 'direction');
    const painted = await ask(school, '/api/v1/current-tenant/theme/', {
      method: 'PATCH',
      body: colours,
      cookie,
    });
    expect(painted.status).toBe(200);
    await context.addCookies([{ name: 'preau_language', value: language, url: origin(school) }]);
    await page.goto(origin(school));
    await page.locator('header nav button[aria-haspopup]').click();
    const led = await page
      .locator('header nav a, [role=menu] a')
      .evaluateAll((links) => links.map((link) => new URL((link as HTMLAnchorElement).href).pathname));
    expect(led).toContain('/branding');
    const found: string[] = [];
    for (const path of new Set([...led, ...BESIDES])) {
      await page.setViewportSize(WIDE);
      await page.goto(origin(school) + path);
      await page.locator('main h1').waitFor();
      await page.waitForLoadState('networkidle');
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      for (const mode of ['light', 'dark'] as const) {
        await page.evaluate(async (name) => {
          document.documentElement.dataset['mode'] = name;
          // Colours on their way from one mode to the other are those of neither.
          await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
          await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
        }, mode);
        const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
        for (const { id, nodes } of violations)
          found.push(`${path} ${mode}: ${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
      }
      await page.setViewportSize(NARROW);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (over > 0) found.push(`${path}: ${over} px wider than ${NARROW.width}`);
    }
    expect(found).toEqual([]);
  });
}
