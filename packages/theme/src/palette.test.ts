import { converter, modeOklch, modeRgb, useMode } from 'culori/fn';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contrastRatio } from './contrast.ts';
import { surfacesOf } from './neutral.ts';
import { derivePalette, type BrandColours, type Tones } from './palette.ts';

useMode(modeRgb);
useMode(modeOklch);
const toCulori = converter('oklch');
const oklch = (hex: string) => toCulori(hex)!;

const EXTREMES = (
  '#000000 #FFFFFF #010101 #FEFEFE #7F7F7F #808080 #767676 #959595 ' +
  '#FF0000 #00FF00 #0000FF #FFFF00 #00FFFF #FF00FF #FFCC00 #1976D2 ' +
  '#F5F6F8 #F4F6F8 #14171C #1C2027 #0E1014 #424242 #0B1F4D #3B0000 ' +
  '#C0FFEE #E91E63 #5A5A5A #4A4A4A #BCBCBC #00002A'
).split(' ');

const hex = fc.integer({ min: 0, max: 0xff_ff_ff }).map((n) => `#${n.toString(16).padStart(6, '0')}`);
const colour = fc.oneof(
  { weight: 4, arbitrary: hex },
  { weight: 1, arbitrary: fc.constantFrom(...EXTREMES) },
);
const brand = fc.record({ primary: colour, secondary: colour });

const everyBrand = (check: (brand: BrandColours) => void): void => {
  for (const [at, primary] of EXTREMES.entries()) {
    check({ primary, secondary: EXTREMES.at(at - 1)! });
  }
  fc.assert(fc.property(brand, check), { numRuns: 2000, seed: 20_26 });
};

const TEXT_PAIRS: [keyof Tones, keyof Tones][] = [
  ['on_primary', 'primary'],
  ['on_primary', 'primary_hover'],
  ['on_primary_soft', 'primary_soft'],
  ['on_secondary', 'secondary'],
  ['on_secondary_soft', 'secondary_soft'],
];
const TEXTS = ['text', 'text_muted', 'primary_text', 'secondary_text'] as const;
const BOUNDARIES = ['primary_border', 'secondary_border', 'focus'] as const;
const SURFACES = ['surface', 'surface_raised', 'surface_sunken'] as const;

function failures(tones: Tones): string[] {
  const pairs = [
    ...TEXT_PAIRS.map(([a, b]) => [a, b, 4.5] as const),
    ...TEXTS.flatMap((text) => SURFACES.map((surface) => [text, surface, 4.5] as const)),
    ...BOUNDARIES.flatMap((line) => SURFACES.map((surface) => [line, surface, 3] as const)),
    ['focus', 'primary', 2] as const,
  ];
  return pairs
    .filter(([a, b, least]) => contrastRatio(tones[a], tones[b]) < least)
    .map(([a, b]) => `${a} ${tones[a]} on ${b} ${tones[b]}`);
}

describe('derivePalette', () => {
  it('reaches AA for every pair of colours, in light and dark', () => {
    everyBrand((colours) => {
      const { palette } = derivePalette(colours);
      expect([...failures(palette.light), ...failures(palette.dark)]).toEqual([]);
    });
  });

  it('gives #rrggbb for every tone', () => {
    everyBrand((colours) => {
      const { light, dark } = derivePalette(colours).palette;
      const tones = [...Object.values(light), ...Object.values(dark)];
      expect(tones.filter((tone) => !/^#[0-9a-f]{6}$/.test(tone))).toEqual([]);
    });
  });

  it('keeps the brand colours in light mode, and in dark mode whenever they are seen there', () => {
    everyBrand((colours) => {
      const { palette } = derivePalette(colours);
      for (const role of ['primary', 'secondary'] as const) {
        const own = colours[role].toLowerCase();
        expect(palette.light[role]).toBe(own);
        const seen = surfacesOf('dark').every((ground) => contrastRatio(own, ground) >= 3);
        if (seen) expect(palette.dark[role]).toBe(own);
      }
    });
  });

  it('keeps the hue of a colour that has one', () => {
    everyBrand((colours) => {
      const { light, dark } = derivePalette(colours).palette;
      const from = oklch(colours.primary);
      for (const tone of ['primary_text', 'primary_border', 'primary_hover', 'focus'] as const) {
        for (const to of [oklch(light[tone]), oklch(dark[tone])]) {
          if (from.c <= 0.04 || to.c <= 0.04) continue;
          // One step of an 8-bit channel turns a near-black by several degrees; nobody sees it.
          if (to.l < 0.1) continue;
          const turned = Math.abs((((to.h ?? 0) - (from.h ?? 0) + 540) % 360) - 180);
          expect(turned, tone).toBeLessThanOrEqual(4);
        }
      }
    });
  });

  it('gives the same answer twice, in any case, and from its own answer', () => {
    everyBrand(({ primary, secondary }) => {
      const first = derivePalette({ primary, secondary });
      const again = derivePalette({
        primary: primary.toUpperCase(),
        secondary: secondary.toLowerCase(),
      });
      expect(again).toEqual(first);
      const { light } = first.palette;
      expect(derivePalette({ primary: light.primary, secondary: light.secondary })).toEqual(first);
      const settled = derivePalette({
        primary: light.primary_text,
        secondary: light.secondary_text,
      }).palette.light;
      expect(settled.primary_text).toBe(light.primary_text);
      expect(settled.secondary_text).toBe(light.secondary_text);
    });
  });

  it('refuses only what is no colour', () => {
    for (const primary of ['red', '#fff', '#1976d', '1976d2', '#1976d2ff', '#1976dg', '']) {
      expect(() => derivePalette({ primary, secondary: '#424242' })).toThrow(RangeError);
    }
  });
});

describe('adjustments', () => {
  it('is empty in light mode for colours that are readable everywhere', () => {
    const { adjustments } = derivePalette({ primary: '#0b3d91', secondary: '#424242' });
    expect(adjustments.filter(({ mode }) => mode === 'light')).toEqual([]);
  });

  it('names each tone of a yellow school that could not stay yellow', () => {
    const { adjustments, palette } = derivePalette({ primary: '#FFCC00', secondary: '#424242' });
    const light = adjustments.filter(({ mode }) => mode === 'light');
    expect(light.map(({ tone }) => tone)).toEqual(['primary_text', 'primary_border', 'focus']);
    expect(light[0]).toMatchObject({
      from: '#ffcc00',
      to: palette.light.primary_text,
      reason: 'contrast_text',
      ratio_before: 1.39,
    });
    expect(light[0]!.ratio_after).toBeGreaterThanOrEqual(4.5);
  });

  it('says that a navy was lifted for the dark mode', () => {
    const { adjustments, palette } = derivePalette({ primary: '#0b1f4d', secondary: '#808080' });
    expect(adjustments).toContainEqual(
      expect.objectContaining({
        mode: 'dark',
        tone: 'primary',
        from: '#0b1f4d',
        to: palette.dark.primary,
        reason: 'contrast_boundary',
      }),
    );
  });

  it('tells the truth for every pair: the tone differs, was below the goal and reaches it', () => {
    everyBrand((colours) => {
      const { palette, adjustments } = derivePalette(colours);
      for (const entry of adjustments) {
        const goal = entry.reason === 'contrast_text' ? 4.5 : 3;
        expect(entry.to).toBe(palette[entry.mode][entry.tone]);
        expect(entry.to).not.toBe(entry.from);
        expect(entry.ratio_before).toBeLessThan(goal);
        expect(entry.ratio_after).toBeGreaterThanOrEqual(goal);
      }
    });
  });
});
