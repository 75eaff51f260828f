import { createHash } from 'node:crypto';
import { BOOT_ELEMENT_ID, type Boot } from '@preau/contracts/boot';
import type { Face, Language } from '@preau/contracts/vocabulary';
import { themeStyleSheet } from '@preau/theme';

/** Light or dark as the reader chose, or as their system says. */
export type Mode = 'light' | 'dark' | null;

/** A page ready to send: its bytes and the policy that lets exactly these run. */
export interface Page {
  html: string;
  csp: string;
}

const escapeHtml = (text: string): string =>
  text.replace(
    /[&<>"']/g,
    (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[char] ?? char,
  );

/** JSON inside a script element: no sequence in it may end the element or start a comment. */
const scriptJson = (value: unknown): string =>
  JSON.stringify(value)
    .replace(/</g, '\\u003c')
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const TITLES: Record<Face, Record<Language, string>> = {
  console: { fr: 'Console · Préau', en: 'Console · Préau' },
  portal: { fr: '', en: '' },
  public: { fr: 'Préau', en: 'Préau' },
};

// What is painted before any script has come: the school's own bar on its own background.
const FIRST_FRAME =
  ':root{color-scheme:light dark}:root[data-mode=light]{color-scheme:light}:root[data-mode=dark]{color-scheme:dark}' +
  'html{background:var(--preau-surface);color:var(--preau-text)}body{margin:0}' +
  '.first-frame{display:flex;align-items:center;min-height:3.5rem;padding:0 1.5rem;background:var(--preau-primary);' +
  'color:var(--preau-on-primary);font:600 1.05rem/1.4 system-ui,sans-serif;overflow:hidden}' +
  '.first-frame span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}';

/** What a page says, as the application would show it. */
export interface Content {
  title: string;
  description: string;
  html: string;
  /** Goes on without scripts. */
  plain: boolean;
}

const NO_SCRIPTS = /\s*<noscript>[^]*?<\/noscript>/;
const SCRIPTS = /\s*<script type="module"[^>]*><\/script>/g;
const MODULE_LINKS = /\s*<link rel="modulepreload"[^>]*>/g;

/** The styles of what is there already hold from the start; what goes on without scripts loads none. */
const linksFor = (links: string, { plain }: Content): string =>
  (plain ? links.replace(MODULE_LINKS, '') : links).replaceAll(
    'rel="preload" as="style"',
    'rel="stylesheet"',
  );

const styleOf = ({ theme }: Boot): string => themeStyleSheet(theme.palette) + FIRST_FRAME;

/**
 * Writes a host's page into the built template: language, title, icon, colours and the boot data, so that the first
 * frame is the school's with a cold cache and no request. The policy names the one style by its hash.
 */
export function renderPage(template: string, boot: Boot, mode: Mode, preloads = '', content?: Content): Page {
  const { theme, language, face } = boot;
  const title = content?.title ?? (face === 'portal' ? theme.school_name : TITLES[face][language]);
  const style = styleOf(boot);
  const { light, dark } = theme.palette;
  const head =
    `<title>${escapeHtml(title)}</title>` +
    (content?.description ? `<meta name="description" content="${escapeHtml(content.description)}">` : '') +
    `<link rel="icon" href="${escapeHtml(theme.favicon_url)}">` +
    `<meta name="theme-color" media="(prefers-color-scheme: light)" content="${light.primary}">` +
    `<meta name="theme-color" media="(prefers-color-scheme: dark)" content="${dark.primary}">` +
    `<style>${style}</style>` +
    (content ? linksFor(preloads, content) : preloads) +
    `<script type="application/json" id="${BOOT_ELEMENT_ID}">${scriptJson(boot)}</script>`;
  const frame =
    content?.html ?? `<div class="first-frame"><span>${escapeHtml(theme.school_name)}</span></div>`;
  const bare = content ? template.replace(NO_SCRIPTS, '') : template;
  const html = (content?.plain ? bare.replace(SCRIPTS, '').replace(MODULE_LINKS, '') : bare)
    .replace('<html lang="fr"', `<html lang="${language}"${mode ? ` data-mode="${mode}"` : ''}`)
    .replace('<!--preau-head-->', () => head)
    .replace('<!--preau-frame-->', () => frame);
  const csp =
    `default-src 'self'; script-src 'self'; style-src 'self' ${hashOf(style)}; img-src 'self' data: blob:; font-src 'self'; ` +
    `connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; ` +
    // A school's page may show another of its own: the preview of its colours.
    `frame-ancestors ${face === 'portal' ? "'self'" : "'none'"}`;
  return { html, csp };
}
