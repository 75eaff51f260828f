import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './scripts/longest-first.ts';

// Not UTC and behind it: code that takes the machine's zone for the school's fails here, not in June.
process.env.TZ = 'America/Cayenne';
// As the server does: see apps/api/src/config.ts.
process.env.UV_THREADPOOL_SIZE ??= '16';

const ignored = ['**/node_modules/**', '**/dist/**'];
// Not e2e: those are Playwright's.
const web = ['apps/web/src/**/*.spec.ts', 'packages/ui/**/*.spec.ts'];

/**
 * A process for each file loads everything anew: a seventh of the time of the real ones, three quarters of the others'.
 * Each real file has an application and a database of its own; what a module keeps, a file that minds asks for anew.
 * The same number of workers everywhere lets the projects fill each other's gaps.
 */
const shared = { pool: 'forks', isolate: false, maxWorkers: 2 } as const;

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'pure',
          include: ['{apps,packages}/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: [...ignored, '**/*.e2e.test.ts'],
          environment: 'node',
          testTimeout: 30_000,
          ...shared,
        },
      },
      {
        test: {
          name: 'real',
          include: ['{apps,packages}/**/*.e2e.test.ts', 'scripts/**/*.e2e.test.ts'],
          exclude: ignored,
          environment: 'node',
          globalSetup: ['packages/testkit/src/postgres-global-setup.ts'],
          ...shared,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [vue()],
        test: { name: 'web', include: web, exclude: ignored, environment: 'jsdom', ...shared },
      },
    ],
  },
});
