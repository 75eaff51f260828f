import type { Browser } from 'playwright-core';
import sharp from 'sharp';

/** What Chromium's own tools call slow 4G: bytes a second each way, milliseconds there and back. */
const SLOW_4G = { downloadThroughput: 180_000, uploadThroughput: 84_375, latency: 562.5 };
const WIDTH = 1280;

export interface FirstFrames {
  /** Frames in which the bar was painted in the school's colour. */
  own: number;
  /** Frames with a bar of any other colour. */
  other: number;
  /** Milliseconds until the first of the school's. */
  firstOwn: number;
  /** Cumulative layout shift. */
  shift: number;
  /** Largest contentful paint, in milliseconds. */
  largest: number;
}

const distance = (one: readonly number[], other: readonly number[]): number =>
  Math.max(...one.map((value, at) => Math.abs(value - (other[at] ?? 0))));

/** Opens a page with nothing kept, over a slow line, and looks at every frame until it is at rest. */
export async function watchFrames(browser: Browser, url: string, colour: string): Promise<FirstFrames> {
  const context = await browser.newContext({ viewport: { width: WIDTH, height: 800 }, colorScheme: 'light' });
  try {
    const page = await context.newPage();
    await page.addInitScript(() => {
      const seen = { shift: 0, largest: 0 };
      Object.assign(globalThis, { seen });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as unknown as { value: number }[]) seen.shift += entry.value;
      }).observe({ type: 'layout-shift' as never, buffered: true });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) seen.largest = entry.startTime;
      }).observe({ type: 'largest-contentful-paint' as never, buffered: true });
    });
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.setCacheDisabled', { cacheDisabled: true });
    await session.send('Network.emulateNetworkConditions', { offline: false, ...SLOW_4G });
    const frames: { data: string; at: number }[] = [];
    const begun = Date.now();
    session.on('Page.screencastFrame', ({ data, sessionId }) => {
      frames.push({ data, at: Date.now() - begun });
      void session.send('Page.screencastFrameAck', { sessionId });
    });
    await session.send('Page.startScreencast', { format: 'png', everyNthFrame: 1 });
    await page.goto(url, { timeout: 60_000 });
    await page.locator('h1').first().waitFor({ timeout: 60_000 });
    await page.waitForLoadState('networkidle', { timeout: 60_000 });
    await session.send('Page.stopScreencast');
    const { shift, largest } = await page.evaluate(
      () => (globalThis as unknown as { seen: { shift: number; largest: number } }).seen,
    );
    const wanted = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
    const result = { own: 0, other: 0, firstOwn: 0, shift, largest };
    for (const { data, at } of frames) {
      const { data: pixels, info } = await sharp(Buffer.from(data, 'base64'))
        .removeAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      // In the bar, where no letter is.
      const start = (Math.round(info.height * 0.01) * info.width + Math.round(info.width * 0.6)) * 3;
      const found = [...pixels.subarray(start, start + 3)];
      // Nothing painted yet.
      if (found.every((value) => value > 250)) continue;
      if (distance(found, wanted) <= 4) {
        result.own += 1;
        result.firstOwn ||= at;
      } else result.other += 1;
    }
    return result;
  } finally {
    await context.close();
  }
}
