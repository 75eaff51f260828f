import { describe, expect, it } from 'vitest';
import { contrastRatio } from './contrast.ts';
import { cssVariables, themeStyleSheet } from './css.ts';
import { isHexColour } from './hex.ts';
import { derivePalette } from './palette.ts';

describe('contrastRatio', () => {
  it.each([
    ['#000000', '#FFFFFF', 21],
    ['#ffffff', '#ffffff', 1],
    ['#777777', '#ffffff', 4.478],
    ['#767676', '#ffffff', 4.542],
    ['#ffcc00', '#ffffff', 1.512],
    ['#0000ff', '#ffffff', 8.592],
  ])('%s and %s: %d, in either order', (a, b, ratio) => {
    expect(contrastRatio(a, b)).toBeCloseTo(ratio, 2);
    expect(contrastRatio(b, a)).toBe(contrastRatio(a, b));
  });

  it('throws on what is no #RRGGBB', () => {
    expect(() => contrastRatio('red', '#ffffff')).toThrow(RangeError);
  });
});

describe('isHexColour', () => {
  it.each(['#1976D2', '#ffcc00', '#000000'])('accepts %s', (value) => {
    expect(isHexColour(value)).toBe(true);
  });
  it.each(['', 'red', '#fff', '#1976D2 ', '1976D2', '#1976D2FF', '#12345g', '#1976D2\n'])(
    'refuses %j',
    (value) => {
      expect(isHexColour(value)).toBe(false);
    },
  );
});

describe('cssVariables', () => {
  const { palette } = derivePalette({ primary: '#1976D2', secondary: '#424242' });

  it('declares each tone once, hyphenated', () => {
    const { light } = cssVariables(palette);
    expect(light).toContain('--preau-primary:#1976d2;');
    expect(light).toContain(`--preau-on-primary-soft:${palette.light.on_primary_soft};`);
    expect(light.match(/--preau-[a-z-]+:#[0-9a-f]{6};/g)).toHaveLength(Object.keys(palette.light).length);
    expect(light.replaceAll(/--preau-[a-z-]+:#[0-9a-f]{6};/g, '')).toBe('');
  });

  it('puts dark under the explicit mode, and under the system only without one', () => {
    const { light, dark } = cssVariables(palette);
    expect(themeStyleSheet(palette)).toBe(
      `:root{${light}}@media (prefers-color-scheme:dark){:root:not([data-mode]){${dark}}}:root[data-mode=dark]{${dark}}`,
    );
  });
});
