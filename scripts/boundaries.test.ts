import { describe, expect, it } from 'vitest';
import { violationsOf } from './boundaries.ts';

const rules = (file: string, source: string): string[] => violationsOf(file, source).map(({ rule }) => rule);

describe('each boundary, once broken and once kept', () => {
  const feature = 'apps/api/src/features/tenants';

  it.each([
    [
      'packages/tenancy/src/run.ts',
      `import { app } from '../../../apps/api/src/app.ts'`,
      'a package imports no app',
    ],
    [
      'packages/ui/src/Button.vue',
      `<script setup>import x from '@preau/web/src/x.ts'</script>`,
      'a package imports no app',
    ],
    ['packages/theme/src/a.ts', `await import('@preau/api/x.ts')`, 'a package imports no app'],
    [
      'apps/api/src/platform/errors.ts',
      `import { x } from '../features/audit/index.ts'`,
      'the platform imports no feature',
    ],
    [
      'apps/api/src/platform/errors.ts',
      `export { x } from '#api/features/audit/index.ts'`,
      'the platform imports no feature',
    ],
    [
      `${feature}/a.service.ts`,
      `import { b } from '../audit/audit.service.ts'`,
      'a feature imports another only through its index.ts',
    ],
    [
      `${feature}/x/a.ts`,
      `import type { B } from '../../audit/deep/index.ts'`,
      'a feature imports another only through its index.ts',
    ],
    [
      'apps/web/src/features/tenants/A.vue',
      `<script setup lang="ts">import B from '../audit/B.vue'</script>`,
      'a feature imports another only through its index.ts',
    ],
    [
      `${feature}/a.repository.ts`,
      `import { b } from './a.service.ts'`,
      'inside a feature imports go down, never up',
    ],
    [
      `${feature}/a.service.ts`,
      `import { b } from './a.routes.ts'`,
      'inside a feature imports go down, never up',
    ],
    [`${feature}/a.service.ts`, 'export const x = process.env.HOME', 'only config.ts reads process.env'],
    ['apps/api/src/server.ts', `import { env as e } from 'node:process'`, 'only config.ts reads process.env'],
    ['packages/tenancy/src/run.ts', 'export default function run() {}', 'exports have names'],
    ['packages/tenancy/src/run.ts', 'const a = 1; export { a as default }', 'exports have names'],
    ['packages/tenancy/src/run.ts', 'export default { a: 1 }', 'exports have names'],
    ['apps/api/src/features/tenants/utils.ts', '', 'a file is named after its content'],
    ['packages/contracts/src/types.ts', '', 'a file is named after its content'],
  ])('%s: %s', (file, source, rule) => {
    expect(rules(file, source)).toEqual([rule]);
  });

  it.each([
    ['packages/tenancy/src/run.ts', `import { knex } from 'knex'; import { x } from '@preau/contracts/a'`],
    ['apps/api/src/app.ts', `import { features } from './features/index.ts'`],
    ['apps/web/src/features/a/index.ts', `import { bWords } from '../b/words.ts'`],
    [
      `${feature}/a.service.ts`,
      `import { b } from '../audit/index.ts'; import { c } from './a.repository.ts'`,
    ],
    [
      `${feature}/a.service.ts`,
      `import { define } from '../define-feature.ts'; import { d } from './subdomain.ts'`,
    ],
    [`${feature}/subdomain.ts`, `import type { D } from './a.service.ts'`],
    [`${feature}/a.e2e.test.ts`, `import { b } from '../audit/audit.repository.ts'`],
    ['apps/api/src/config.ts', 'export const env = process.env'],
    ['scripts/start.ts', 'export const env = process.env'],
    ['apps/web/playwright.config.ts', 'export default { env: process.env }'],
    ['apps/web/src/App.vue', `<script lang="ts">export default {}</script>`],
    [
      `${feature}/note.ts`,
      `// process.env and export default in a comment\nexport const text = 'process.env'`,
    ],
  ])('%s keeps them: %s', (file, source) => {
    expect(rules(file, source)).toEqual([]);
  });
});
