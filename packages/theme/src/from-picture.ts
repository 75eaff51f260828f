import { toHex, toOklch, type Oklch } from './oklch.ts';
import type { BrandColours } from './palette.ts';

/** Steps a channel: colours nearer than one are counted together. */
const STEP = 24;
/** Below it a colour is a grey, which is nobody's own. */
const COLOURFUL = 0.04;
/** Two colours that are nearer are one to the eye. */
const APART = 0.12;

const byte = (value: number): string => Math.round(value).toString(16).padStart(2, '0');

/** Distance in OKLab, where equal steps look equal. */
function distance(one: Oklch, other: Oklch): number {
  const flat = ({ c, h }: Oklch) => [c * Math.cos((h * Math.PI) / 180), c * Math.sin((h * Math.PI) / 180)];
  const [a = 0, b = 0] = flat(one);
  const [c = 0, d = 0] = flat(other);
  return Math.hypot(one.l - other.l, a - c, b - d);
}

/**
 * Pairs of colours that go with a picture: its strongest colours, each with the next one, or, where there is only one, with a
 * quieter tone of it.
 * @param pixels red, green, blue and opacity of each, 0 to 255
 * @param most pairs, at most
 * @returns `#rrggbb`, the strongest first; empty for a picture without colours
 */
export function coloursOfPicture(pixels: Uint8Array, most: number): BrandColours[] {
  const bins = new Map<number, { count: number; red: number; green: number; blue: number }>();
  for (let at = 0; at + 3 < pixels.length; at += 4) {
    const [red = 0, green = 0, blue = 0, opacity = 0] = pixels.subarray(at, at + 4);
    if (opacity < 128) continue;
    const key = (Math.floor(red / STEP) << 16) | (Math.floor(green / STEP) << 8) | Math.floor(blue / STEP);
    const bin = bins.get(key) ?? { count: 0, red: 0, green: 0, blue: 0 };
    bins.set(key, bin);
    bin.count += 1;
    bin.red += red;
    bin.green += green;
    bin.blue += blue;
  }
  const seen = [...bins.values()]
    .map(({ count, red, green, blue }) => {
      const colour = toOklch(`#${byte(red / count)}${byte(green / count)}${byte(blue / count)}`);
      return { colour, weight: count * colour.c };
    })
    .filter(({ colour }) => colour.c >= COLOURFUL)
    .toSorted((a, b) => b.weight - a.weight);
  const chosen: Oklch[] = [];
  for (const { colour } of seen) {
    if (chosen.length === most) break;
    if (chosen.every((other) => distance(other, colour) > APART)) chosen.push(colour);
  }
  return chosen.map((primary, at) => {
    const next = chosen.length > 1 ? chosen[(at + 1) % chosen.length] : undefined;
    const secondary = next ?? { ...primary, l: Math.max(0.25, primary.l - 0.2), c: primary.c / 3 };
    return { primary: toHex(primary), secondary: toHex(secondary) };
  });
}
