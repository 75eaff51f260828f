import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIRST_PAGES, firstPageOf } from './first-pages.ts';
import { preloadsOf } from './preload.ts';

const WEB = fileURLToPath(new URL('../../../../web/', import.meta.url));
const parts = Object.values(FIRST_PAGES)
  .flatMap((pages) => Object.values(pages))
  .flatMap((page: { parts: readonly string[] }) => page.parts)
  .flatMap((part) => ['fr', 'en'].map((language) => part.replace('{language}', language)));

it.each([...new Set(parts)])('%s is a file of the application', (part) => {
  expect(existsSync(WEB + part)).toBe(true);
});

describe('the first page', () => {
  it.each([
    ['portal', '/', true, '/'],
    ['portal', '/?from=mail#top', true, '/'],
    ['portal', '/', false, '/login'],
    ['portal', '/login?next=%2Fagenda', false, '/login'],
    ['portal', '/login', true, null],
    ['portal', '/agenda', true, null],
    ['console', '/schools?page=2', true, '/schools'],
    ['console', '/schools', false, '/login'],
    ['public', '/', false, null],
    ['portal', '/toString', true, null],
    ['portal', 'constructor', true, null],
  ] as const)('of the %s at %s, with a session: %s, is %s', (face, url, hasSession, expected) => {
    expect(firstPageOf(face, url, hasSession)).toBe(expected);
  });
});

describe('what a page names ahead', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'preau-manifest-'));
    mkdirSync(join(root, '.vite'));
    const manifest = {
      'index.html': { file: 'index.js', imports: ['_base.js'] },
      '_base.js': { file: 'base.js' },
      'src/shells/portal/start.ts': { file: 'start.js', imports: ['_base.js'], css: ['start.css'] },
      'src/shells/portal/messages.fr.ts': { file: 'messages.fr.js' },
      'src/features/identity/pages/LoginPage.vue': { file: 'login.js', imports: ['_base.js', '_field.js'] },
      '_field.js': { file: 'field.js' },
      '../../preau-messages:/somewhere/apps/web/src/features/identity/locales/fr.json.js': {
        file: 'words.js',
      },
    };
    writeFileSync(join(root, '.vite/manifest.json'), JSON.stringify(manifest));
  });
  afterAll(() => rmSync(root, { recursive: true }));

  const named = (links: string): string[] =>
    [...links.matchAll(/ href="([^"]+)"/g)].map((match) => match[1] ?? '');

  it('is the shell, the page and its words, each once and nothing that the template names itself', () => {
    expect(named(preloadsOf(root)('portal', 'fr', '/login'))).toEqual([
      '/start.css',
      '/start.js',
      '/messages.fr.js',
      '/login.js',
      '/field.js',
      '/words.js',
    ]);
  });

  it('is also what the page asks first, where there is a session', () => {
    expect(named(preloadsOf(root)('portal', 'fr', '/'))).toContain('/api/v1/auth/me/');
    expect(named(preloadsOf(root)('portal', 'fr', null))).toEqual([
      '/start.css',
      '/start.js',
      '/messages.fr.js',
    ]);
  });

  it('is nothing but reads where the application is not built', () => {
    expect(preloadsOf(join(root, 'nowhere'))('portal', 'fr', null)).toBe('');
  });
});
