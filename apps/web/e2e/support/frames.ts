import type { Page } from '@playwright/test';

/** What a frame showed. */
export interface Frame {
  title: string;
  icon: string | null;
  primary: string;
  bar: string | null;
}

/** Records every frame of the pages to come, from the first in which there is something to paint. Call before going there. */
export async function recordFrames(page: Page): Promise<() => Promise<Frame[]>> {
  await page.addInitScript(() => {
    const frames: unknown[] = [];
    Object.assign(globalThis, { recordedFrames: frames });
    const look = () => {
      const bar = document.querySelector('.first-frame, header');
      // Half a page may have come, without anything in it yet. From then on a frame without a bar counts.
      if (bar || frames.length > 0 || document.readyState !== 'loading') {
        frames.push({
          title: document.title,
          icon: document.querySelector('link[rel=icon]')?.getAttribute('href') ?? null,
          primary: getComputedStyle(document.documentElement).getPropertyValue('--preau-primary'),
          bar: bar && getComputedStyle(bar).backgroundColor,
        });
      }
      if (frames.length < 600) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  return () => page.evaluate(() => (globalThis as unknown as { recordedFrames: Frame[] }).recordedFrames);
}
