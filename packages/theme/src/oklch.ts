import { convertLabToLch, convertLchToLab, convertOklabToRgb, convertRgbToOklab, type Rgb } from 'culori/fn';
import { channels } from './hex.ts';

/** Lightness 0–1, chroma 0–0.4, hue in degrees. */
export interface Oklch {
  l: number;
  c: number;
  h: number;
}

// Conversion noise gives greys a hue; below this a colour is treated as having none.
const NO_CHROMA = 0.004;
const OUT_OF_GAMUT = 0.0005;

export function toOklch(hex: string): Oklch {
  const [red, green, blue] = channels(hex);
  const oklab = convertRgbToOklab({ r: red / 255, g: green / 255, b: blue / 255 });
  const { l, c, h } = convertLabToLch(oklab);
  return c < NO_CHROMA ? { l, c: 0, h: 0 } : { l, c, h: h ?? 0 };
}

/** The nearest `#rrggbb` of the same lightness and hue; chroma is lowered until sRGB holds it. */
export function toHex({ l, c, h }: Oklch): string {
  const lightness = Math.min(1, Math.max(0, l));
  let rgb = toRgb(lightness, c, h);
  if (!isInGamut(rgb)) {
    let low = 0;
    let high = c;
    // 12 halvings of at most 0.4 are finer than one step of an 8-bit channel.
    for (let step = 0; step < 12; step += 1) {
      const middle = (low + high) / 2;
      if (isInGamut(toRgb(lightness, middle, h))) low = middle;
      else high = middle;
    }
    rgb = toRgb(lightness, low, h);
  }
  const bits = (byte(rgb.r) << 16) | (byte(rgb.g) << 8) | byte(rgb.b);
  return `#${bits.toString(16).padStart(6, '0')}`;
}

function toRgb(l: number, c: number, h: number): Rgb {
  const { a, b } = convertLchToLab({ l, c, h });
  return convertOklabToRgb({ l, a: a ?? 0, b: b ?? 0 });
}

function isInGamut({ r, g, b }: Rgb): boolean {
  return Math.min(r, g, b) >= -OUT_OF_GAMUT && Math.max(r, g, b) <= 1 + OUT_OF_GAMUT;
}

function byte(channel: number): number {
  return Math.round(Math.min(1, Math.max(0, channel)) * 255);
}
