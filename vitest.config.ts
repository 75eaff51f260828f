import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

// Not UTC and behind it: code that takes the machine's zone for the school's fails here, not in June.
process.env.TZ = 'America/Cayenne';
// As the server does: see apps/api/src/config.ts.
process.env.UV_THREADPOOL_SIZE ??= '16';

const ignored = ['**/node_modules/**', '**/dist/**'];
// Not e2e: those are Playwright's.
const web = ['apps/web/src/**/*.spec.ts', 'packages/ui/**/*.spec.ts'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'pure',
          include: ['{apps,packages}/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: [...ignored, '**/*.e2e.test.ts'],
          environment: 'node',
        },
      },
      {
        test: {
          name: 'real',
          include: ['{apps,packages}/**/*.e2e.test.ts', 'scripts/**/*.e2e.test.ts'],
          exclude: ignored,
          environment: 'node',
          globalSetup: ['packages/testkit/src/postgres-global-setup.ts'],
          pool: 'forks',
          // Each file has an application and a database of its own; loading the product anew for each took a seventh of the time.
          isolate: false,
          maxWorkers: 2,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [vue()],
        test: { name: 'web', include: web, exclude: ignored, environment: 'jsdom' },
      },
    ],
  },
});
