import { BOUNDARY_RATIO, TEXT_RATIO, worstContrast } from './contrast.ts';
import { normaliseHex } from './hex.ts';
import { NEUTRAL, surfacesOf, type Mode } from './neutral.ts';
import { hoverOf, inkOn, legibleTone, ringTone, softOf } from './tone.ts';

/** A school's two colours, `#RRGGBB` in any case. */
export interface BrandColours {
  primary: string;
  secondary: string;
}

/** What the interface paints with, in one mode; all `#rrggbb`. */
export interface Tones {
  primary: string;
  on_primary: string;
  primary_hover: string;
  primary_soft: string;
  on_primary_soft: string;
  /** Links and headings on a surface. */
  primary_text: string;
  /** Outline of a control in the brand's colour. */
  primary_border: string;
  focus: string;
  secondary: string;
  on_secondary: string;
  secondary_soft: string;
  on_secondary_soft: string;
  secondary_text: string;
  secondary_border: string;
  surface: string;
  surface_raised: string;
  surface_sunken: string;
  text: string;
  text_muted: string;
  border: string;
}

export interface Palette {
  light: Tones;
  dark: Tones;
}

/** One tone that is not the brand's colour, and the contrast that made it so. */
export interface Adjustment {
  mode: Mode;
  tone: keyof Tones;
  /** The brand's colour. */
  from: string;
  to: string;
  reason: 'contrast_text' | 'contrast_boundary';
  /** Lowest WCAG ratio on the mode's surfaces, cut to two decimals. */
  ratio_before: number;
  ratio_after: number;
}

/**
 * Tones for both modes from any two colours: hue is kept, lightness moves only as far as WCAG AA
 * needs, chroma shrinks only to stay in sRGB. In light mode `primary` and `secondary` are the
 * brand's own; in dark mode they are lifted when they would vanish on the surface.
 * `adjustments` lists every tone that should have been the brand's colour and is not; the focus ring
 * is listed when the brand's colour is too faint for one, not for differing from the button it rings.
 * Pure; the same colours in another case give the same answer.
 * @throws RangeError when a colour is not `#RRGGBB`
 */
export function derivePalette(brand: BrandColours): {
  palette: Palette;
  adjustments: Adjustment[];
} {
  const colours = {
    primary: normaliseHex(brand.primary),
    secondary: normaliseHex(brand.secondary),
  };
  const palette = { light: tonesOf(colours, 'light'), dark: tonesOf(colours, 'dark') };
  return {
    palette,
    adjustments: [
      ...adjustmentsOf(colours, palette.light, 'light'),
      ...adjustmentsOf(colours, palette.dark, 'dark'),
    ],
  };
}

function tonesOf(brand: BrandColours, mode: Mode): Tones {
  const grounds = surfacesOf(mode);
  const primary = familyOf(brand.primary, mode);
  const secondary = familyOf(brand.secondary, mode);
  const { surface, surface_raised, surface_sunken, text, text_muted, border } = NEUTRAL[mode];
  return {
    primary: primary.fill,
    on_primary: primary.ink,
    primary_hover: hoverOf(primary.fill, primary.ink),
    primary_soft: primary.soft,
    on_primary_soft: primary.onSoft,
    primary_text: primary.text,
    primary_border: primary.border,
    focus: ringTone(primary.fill, mode, grounds, BOUNDARY_RATIO),
    secondary: secondary.fill,
    on_secondary: secondary.ink,
    secondary_soft: secondary.soft,
    on_secondary_soft: secondary.onSoft,
    secondary_text: secondary.text,
    secondary_border: secondary.border,
    surface,
    surface_raised,
    surface_sunken,
    text,
    text_muted,
    border,
  };
}

function familyOf(colour: string, mode: Mode) {
  const grounds = surfacesOf(mode);
  const border = legibleTone(colour, mode, grounds, BOUNDARY_RATIO);
  const fill = mode === 'light' ? colour : border;
  const soft = softOf(colour, mode);
  return {
    fill,
    ink: inkOn(fill),
    soft,
    onSoft: legibleTone(colour, mode, [soft], TEXT_RATIO),
    text: legibleTone(colour, mode, grounds, TEXT_RATIO),
    border,
  };
}

const SHOULD_BE_THE_BRANDS = [
  ['primary', 'primary', 'contrast_boundary'],
  ['primary_text', 'primary', 'contrast_text'],
  ['primary_border', 'primary', 'contrast_boundary'],
  ['focus', 'primary', 'contrast_boundary'],
  ['secondary', 'secondary', 'contrast_boundary'],
  ['secondary_text', 'secondary', 'contrast_text'],
  ['secondary_border', 'secondary', 'contrast_boundary'],
] as const;

function adjustmentsOf(brand: BrandColours, tones: Tones, mode: Mode): Adjustment[] {
  const grounds = surfacesOf(mode);
  return SHOULD_BE_THE_BRANDS.flatMap(([tone, source, reason]) => {
    const from = brand[source];
    const to = tones[tone];
    const before = worstContrast(from, grounds);
    const faint = before < (reason === 'contrast_text' ? TEXT_RATIO : BOUNDARY_RATIO);
    if (from === to || !faint) return [];
    const after = worstContrast(to, grounds);
    return [{ mode, tone, from, to, reason, ratio_before: cut(before), ratio_after: cut(after) }];
  });
}

// Cut, not rounded: 4.496 must not be shown as the 4.5 that it misses.
function cut(ratio: number): number {
  return Math.floor(ratio * 100) / 100;
}
