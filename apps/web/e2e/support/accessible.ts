import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

export const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

type Violations = { id: string; nodes: { target: unknown }[] }[];

const expectNone = (violations: Violations): void =>
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => String(target)).join(', ')}`),
  ).toEqual([]);

/** Nothing on the page, as it is now, breaks a rule of accessibility or is wider than the screen. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
    'wider than the screen',
  ).toBeLessThanOrEqual(0);
  // Legacy: frames are of the page's own origin, and a blank page for each analysis takes as long as the analysis.
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).setLegacyMode(true).analyze();
  expectNone(violations);
}

/** All text of a page found accessible can be told from what is behind it, in the colours that it has now. */
export async function expectReadable(page: Page): Promise<void> {
  const violations = await page.evaluate(async () => {
    // A colour that is inherited begins to fade when the one above it has faded: until nothing did for some frames.
    for (let still = 0, frames = 0; still < 4 && frames < 60; still += 1, frames += 1) {
      await new Promise(requestAnimationFrame);
      const fading = document.getAnimations().filter((one) => one instanceof CSSTransition);
      if (fading.length > 0) still = 0;
      // One that is overtaken by another never finishes.
      await Promise.race([
        Promise.allSettled(fading.map(({ finished }) => finished)),
        new Promise((enough) => setTimeout(enough, 500)),
      ]);
    }
    // The analysis before this one left it on the page.
    const { axe } = window as unknown as {
      axe: { run(options: object): Promise<{ violations: Violations }> };
    };
    return (await axe.run({ runOnly: ['color-contrast'], resultTypes: ['violations'], iframes: false }))
      .violations;
  });
  expectNone(violations);
}
