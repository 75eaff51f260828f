import { expect, type Page } from '@playwright/test';
import axeCore from 'axe-core';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

type Violations = { id: string; nodes: { target: unknown }[] }[];

const expectNone = (violations: Violations): void =>
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => String(target)).join(', ')}`),
  ).toEqual([]);

type Axe = { run(options: object): Promise<{ violations: Violations }> };

/**
 * What breaks a rule on the page and in its frames, all of its own origin. The page is told to answer with violations alone: what
 * passes is hundreds of elements, each with a selector to find, and took twice as long as the analysis.
 */
export async function violationsOf(page: Page): Promise<Violations> {
  for (const frame of page.frames()) await frame.evaluate(axeCore.source);
  return page.evaluate(async (values) => {
    const { violations } = await (window as unknown as { axe: Axe }).axe.run({
      runOnly: { type: 'tag', values },
      resultTypes: ['violations'],
    });
    return violations;
  }, TAGS);
}

/** Nothing on the page, as it is now, breaks a rule of accessibility or is wider than the screen. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
    'wider than the screen',
  ).toBeLessThanOrEqual(0);
  expectNone(await violationsOf(page));
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
    const { axe } = window as unknown as { axe: Axe };
    return (await axe.run({ runOnly: ['color-contrast'], resultTypes: ['violations'], iframes: false }))
      .violations;
  });
  expectNone(violations);
}
