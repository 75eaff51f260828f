import { describe, expect, it } from 'vitest';
import { contrastRatio } from './contrast.ts';
import { NEUTRAL, surfacesOf } from './neutral.ts';
import { SEMANTIC } from './semantic.ts';

describe.each(['light', 'dark'] as const)('fixed tones, %s', (mode) => {
  const worst = (colour: string, grounds: readonly string[]): number =>
    Math.min(...grounds.map((ground) => contrastRatio(colour, ground)));
  const surfaces = surfacesOf(mode);

  it.each(Object.entries(SEMANTIC[mode]))('%s reaches AA', (_, tones) => {
    expect(worst(tones.on_solid, [tones.solid, tones.solid_hover])).toBeGreaterThanOrEqual(4.5);
    expect(worst(tones.on_soft, [tones.soft])).toBeGreaterThanOrEqual(4.5);
    expect(worst(tones.text, [...surfaces, tones.soft])).toBeGreaterThanOrEqual(4.5);
    expect(worst(tones.border, [...surfaces, tones.soft])).toBeGreaterThanOrEqual(3);
  });

  it('text and outlines reach AA on the three surfaces', () => {
    const { text, text_muted, control_border } = NEUTRAL[mode];
    expect(worst(text, surfaces)).toBeGreaterThanOrEqual(4.5);
    expect(worst(text_muted, surfaces)).toBeGreaterThanOrEqual(4.5);
    expect(worst(control_border, surfaces)).toBeGreaterThanOrEqual(3);
  });
});
