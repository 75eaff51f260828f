import { SCENES } from '../shots/scenes.ts';
import { enter, expect, origin, test } from './support/school-pages.ts';

test.use({ viewport: { width: 320, height: 640 } });

const PAGES = SCENES.filter(({ host, as }) => host === 'console' && as === 'superadmin');

test('no page of the console scrolls sideways on the narrowest screen, and its entry of the navigation is in sight', async ({
  page,
  context,
}) => {
  test.setTimeout(PAGES.length * 5_000);
  page.setDefaultTimeout(15_000);
  await enter(context, 'console', 'superadmin');
  const faults: string[] = [];
  for (const { name, path, prepare } of PAGES) {
    await page.goto(origin('console') + path);
    await page.locator('h1').first().waitFor();
    await prepare?.(page);
    await page.waitForLoadState('networkidle');
    const { sideways, hidden } = await page.evaluate(() => {
      const current = document.querySelector('nav [aria-current=page]')?.getBoundingClientRect();
      return {
        sideways: document.documentElement.scrollWidth - innerWidth,
        hidden: current !== undefined && (current.left < -1 || current.right > innerWidth + 1),
      };
    });
    if (sideways > 0) faults.push(`${name}: ${sideways} px too wide`);
    if (hidden) faults.push(`${name}: the current entry is out of sight`);
  }
  expect(PAGES.length).toBeGreaterThan(20);
  expect(faults).toEqual([]);
});
