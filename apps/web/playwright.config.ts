import { CHROMIUM_FLAGS, findChromium } from '@preau/testkit/chromium';
import { defineConfig } from '@playwright/test';

/** Real Chromium against the real server, which each worker starts on a database of its own. */
export default defineConfig({
  testDir: './e2e',
  outputDir: '../../.cache/playwright',
  forbidOnly: true,
  retries: 0,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    browserName: 'chromium',
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: findChromium(), args: CHROMIUM_FLAGS },
  },
});
