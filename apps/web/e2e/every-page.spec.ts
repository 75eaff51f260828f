import { SCENES } from '../shots/scenes.ts';
import { expectAccessible } from './support/accessible.ts';
import { enter, expect, origin, test } from './support/school-pages.ts';

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

for (const { name, lang, ...look } of LOOKS) {
  test.describe(name, () => {
    test.use(look);

    for (const scene of SCENES) {
      test(`${scene.name}: no accessibility violation, nothing wider than the screen`, async ({
        page,
        context,
      }) => {
        if (scene.as) await enter(context, scene.host ?? '', scene.as);
        await page.goto(origin(scene.host) + scene.path);
        await page.locator('h1').first().waitFor();
        await scene.prepare?.(page);
        await page.waitForLoadState('networkidle');
        await expect(page.locator('html')).toHaveAttribute('lang', lang);
        if (!scene.name.endsWith('missing'))
          await expect(page.locator('h1')).not.toHaveText(/^(Page introuvable|Page not found)$/);
        await expectAccessible(page);
      });
    }
  });
}
