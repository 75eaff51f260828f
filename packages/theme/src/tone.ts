import { contrastRatio, TEXT_RATIO, worstContrast } from './contrast.ts';
import type { Mode } from './neutral.ts';
import { toHex, toOklch } from './oklch.ts';

/** Away from the surfaces of a mode: darker on light ones, lighter on dark ones. */
function awayFromSurfaces(mode: Mode): 0 | 1 {
  return mode === 'light' ? 0 : 1;
}

/**
 * The tone nearest to `colour`, of the same hue, that satisfies `holds` when lightness moves towards
 * `end` (0 black, 1 white). `end` itself is the answer when nothing before it holds.
 */
export function nearestTone(colour: string, end: 0 | 1, holds: (hex: string) => boolean): string {
  if (holds(colour)) return colour;
  const { l, c, h } = toOklch(colour);
  let failing = l;
  let passing: number = end;
  let found = end === 0 ? '#000000' : '#ffffff';
  // 10 halvings leave a thousandth of the lightness scale, less than one 8-bit step.
  for (let step = 0; step < 10; step += 1) {
    const middle = (failing + passing) / 2;
    const candidate = toHex({ l: middle, c, h });
    if (holds(candidate)) {
      passing = middle;
      found = candidate;
    } else {
      failing = middle;
    }
  }
  return found;
}

/** The tone nearest to `colour` that reaches `ratio` on every one of `grounds`. */
export function legibleTone(colour: string, mode: Mode, grounds: readonly string[], ratio: number): string {
  return nearestTone(colour, awayFromSurfaces(mode), (hex) => worstContrast(hex, grounds) >= ratio);
}

// Pure black last: white and black together reach 4.58:1 on any colour, softer ink does not.
const INKS = ['#ffffff', '#14171c', '#000000'] as const;

/** The text colour for a fill: white where it reaches AA, else the softest dark that does. */
export function inkOn(fill: string): string {
  return INKS.find((ink) => contrastRatio(ink, fill) >= TEXT_RATIO) ?? '#000000';
}

const HOVER_STEP = 0.06;
const DARKEST_TO_DARKEN = 0.25;

/** The fill of a hovered button: a shade darker where its ink stays readable, else lighter. */
export function hoverOf(fill: string, ink: string): string {
  const { l, c, h } = toOklch(fill);
  const darker = toHex({ l: l - HOVER_STEP, c, h });
  const isSeen = l > DARKEST_TO_DARKEN;
  if (isSeen && contrastRatio(ink, darker) >= TEXT_RATIO) return darker;
  return toHex({ l: l + HOVER_STEP, c, h });
}

/** The faint ground for badges and selected rows. */
export function softOf(colour: string, mode: Mode): string {
  const { c, h } = toOklch(colour);
  return mode === 'light'
    ? toHex({ l: 0.955, c: Math.min(c, 0.03), h })
    : toHex({ l: 0.3, c: Math.min(c, 0.055), h });
}

/** A ring that touches a button of colour `fill` must not melt into it. */
const RING_BESIDE_FILL = 2;

/**
 * The focus ring: `ratio` on every ground and at least 2:1 beside `fill`. 3:1 beside the fill cannot
 * be had for every brand (a fill of luminance 0.06–0.1 leaves no room below it and none under 3:1 on
 * white); components therefore also leave a gap between the two.
 */
export function ringTone(fill: string, mode: Mode, grounds: readonly string[], ratio: number): string {
  const away = awayFromSurfaces(mode);
  const standsOut = (hex: string): boolean => contrastRatio(hex, fill) >= RING_BESIDE_FILL;
  const tone = nearestTone(fill, away, (hex) => worstContrast(hex, grounds) >= ratio && standsOut(hex));
  if (standsOut(tone)) return tone;
  // The fill is at the far end already: the only room is between it and the surfaces.
  return nearestTone(fill, away === 0 ? 1 : 0, standsOut);
}
