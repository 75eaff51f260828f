import type { Palette, Tones } from './palette.ts';

/**
 * The palette as custom property declarations, `--preau-primary:#1976d2;…`, one string a mode: the
 * tone's name with hyphens. No selector, no at-rule: the text fits a style sheet and
 * `element.style.cssText` alike, and holds nothing but the derived `#rrggbb` values.
 */
export function cssVariables(palette: Palette): { light: string; dark: string } {
  return { light: declarations(palette.light), dark: declarations(palette.dark) };
}

/**
 * The style sheet that a host inlines: light by default, dark where the visitor's system asks for it
 * and `data-mode` on the root says nothing, dark wherever `data-mode="dark"`.
 */
export function themeStyleSheet(palette: Palette): string {
  const { light, dark } = cssVariables(palette);
  return (
    `:root{${light}}` +
    `@media (prefers-color-scheme:dark){:root:not([data-mode]){${dark}}}` +
    `:root[data-mode=dark]{${dark}}`
  );
}

function declarations(tones: Tones): string {
  return Object.entries(tones)
    .map(([tone, value]) => `--preau-${tone.replaceAll('_', '-')}:${value};`)
    .join('');
}
