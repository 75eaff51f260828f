import { readFile, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Sharp, SharpOptions } from 'sharp';

/** Pixels of an image, all its frames together: what a phone takes, not what fills a server's memory. */
export const MOST_PIXELS = 64_000_000;
/** Images decoded at once in this process. */
const AT_ONCE = 2;
/** Seconds that one may take. */
const PATIENCE = 60;

let waiting: (() => void)[] = [];
let busy = 0;

/** One of a few at a time: a decoded image is up to 4 bytes a pixel. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (busy >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else busy += 1;
  try {
    return await work();
  } finally {
    const [next, ...rest] = waiting;
    waiting = rest;
    if (next) next();
    else busy -= 1;
  }
}

// Loaded when it is needed: every start and every command would wait for it.
async function open(from: string | Buffer, options: SharpOptions = {}): Promise<Sharp> {
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  return sharp(from, {
    limitInputPixels: MOST_PIXELS,
    failOn: 'error',
    sequentialRead: true,
    ...options,
  }).timeout({ seconds: PATIENCE });
}

export interface WrittenImage {
  bytes: number;
  width: number;
  height: number;
}

/** What an image was found to be, and may be decoded as: a file can look like two things. */
export type ImageDecoder = 'jpeg' | 'png' | 'gif' | 'webp' | 'heif' | 'tiff' | 'svg';

/** Bytes of a drawing, which is read whole. */
const MOST_DRAWING = 4 * 1024 ** 2;

async function drawing(path: string): Promise<Buffer> {
  const { size } = await stat(path);
  if (size > MOST_DRAWING) throw new Error('A drawing that is too large');
  return readFile(path);
}

const USUAL_DENSITY = 72;
/** Pixels that the longer side of a drawing is given at least: a logo of 40 pixels is meant to be drawn larger. */
const DRAWN = 1_024;

const densityFor = (side: number): number =>
  Math.min(20_000, USUAL_DENSITY * Math.max(1, DRAWN / Math.max(1, side)));

const QUALITY = { jpeg: 88, webp: 85, avif: 60 } as const;

/**
 * Decodes an image and writes it anew, upright and without anything that is not picture: what cameras note, comments, what is
 * hidden behind the last pixel. Rejects for what cannot be decoded or is too large.
 */
export const rewriteImage = (
  from: string,
  to: string,
  { mediaType, decoder }: { mediaType: string; decoder: ImageDecoder },
): Promise<WrittenImage> =>
  inTurn(async () => {
    const animated = decoder === 'gif' || decoder === 'webp';
    // From memory a drawing has no folder from which it could fetch other files.
    const source = decoder === 'svg' ? await drawing(from) : from;
    const { format, width: wide, height: high } = await (await open(source)).metadata();
    if (format !== decoder)
      throw new Error(`An image that is ${decoder} to one reader and ${format} to another`);
    const options = decoder === 'svg' ? { density: densityFor(Math.max(wide, high)) } : { animated };
    const image = (await open(source, options)).autoOrient();
    const written =
      mediaType === 'image/jpeg'
        ? image.flatten({ background: '#fff' }).jpeg({ quality: QUALITY.jpeg })
        : mediaType === 'image/png'
          ? image.png({ compressionLevel: 7 })
          : mediaType === 'image/gif'
            ? image.gif()
            : mediaType === 'image/webp'
              ? image.webp({ quality: QUALITY.webp })
              : image.avif({ quality: QUALITY.avif, effort: 2 });
    const { size, width, height, pageHeight } = await written.toFile(to);
    return { bytes: size, width, height: pageHeight ?? height };
  });

/** Writes a smaller picture: what fits in a box, or, cropped, fills it. Never a larger one. */
export const writeVariant = (
  from: string,
  to: string,
  { width, height, crop, format }: { width: number; height: number; crop: boolean; format: 'avif' | 'webp' },
): Promise<WrittenImage> =>
  inTurn(async () => {
    const image = (await open(from)).resize({
      width,
      height,
      fit: crop ? 'cover' : 'inside',
      // What a person would look at first, rather than the middle.
      position: crop ? 'attention' : 'centre',
      withoutEnlargement: true,
    });
    const written =
      format === 'avif'
        ? image.avif({ quality: QUALITY.avif, effort: 2 })
        : image.webp({ quality: QUALITY.webp - 5 });
    const { size, width: wide, height: high } = await written.toFile(to);
    return { bytes: size, width: wide, height: high };
  });

/** Pixels of an image, made small: enough to tell its colours. Red, green, blue and opacity of each. */
export const pixelsOf = (source: Readable): Promise<Uint8Array> =>
  inTurn(async () => {
    const whole = await buffer(source);
    const image = (await open(whole)).resize({ width: 64, height: 64, fit: 'inside' });
    return image.toColourspace('srgb').ensureAlpha().raw().toBuffer();
  });
