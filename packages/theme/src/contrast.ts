import { channels, normaliseHex } from './hex.ts';

/** WCAG 2.x level AA for text. */
export const TEXT_RATIO = 4.5;
/** WCAG 2.x level AA for the boundary of a control and for a focus ring. */
export const BOUNDARY_RATIO = 3;

// A preview derives a palette per keystroke: a table of 256 values spares the powers.
const LINEAR = Array.from({ length: 256 }, (_, channel) => {
  const s = channel / 255;
  return s <= 0.040_45 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
});

/** Relative luminance of a valid `#RRGGBB`, 0 (black) to 1 (white). */
export function luminance(hex: string): number {
  const [red, green, blue] = channels(hex);
  return 0.2126 * LINEAR[red]! + 0.7152 * LINEAR[green]! + 0.0722 * LINEAR[blue]!;
}

/**
 * WCAG 2.x contrast ratio of two `#RRGGBB` colours, 1 to 21, in either order.
 * @throws RangeError when one of them is not `#RRGGBB`
 */
export function contrastRatio(a: string, b: string): number {
  return ratioOf(luminance(normaliseHex(a)), luminance(normaliseHex(b)));
}

/** The lowest contrast of `colour` on any of `grounds`: the one that decides. */
export function worstContrast(colour: string, grounds: readonly string[]): number {
  const own = luminance(colour);
  return Math.min(...grounds.map((ground) => ratioOf(own, luminance(ground))));
}

function ratioOf(first: number, second: number): number {
  return (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05);
}
