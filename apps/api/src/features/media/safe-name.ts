/** Most bytes of a name, as the usual file systems have it. */
const MOST_BYTES = 255;
const MOST_EXTENSION = 12;

/** Endings that a machine may run or a browser may show as a page: harmless inside a name, not as an inner ending. */
const ACTIVE =
  /\.(?=(?:php\d?|phtml|phar|aspx?|jspx?|cgi|pl|py|rb|sh|bash|bat|cmd|com|exe|scr|pif|msi|dll|jar|vb[es]?|ps1|lnk|hta|m?js|jse|wsf|html?|xhtml|shtml|svgz?|xml|reg|cpl|apk|dmg|desktop)(?:\.|$))/gi;
/** Names that are devices on Windows, whatever their ending. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

const bytesOf = (text: string): number => Buffer.byteLength(text);

/** As many whole characters, as people see them, as fit. */
function shortened(text: string, bytes: number): string {
  if (bytesOf(text) <= bytes) return text;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (bytesOf(kept) + bytesOf(segment) > bytes) break;
    kept += segment;
  }
  return kept;
}

/**
 * A name that a person gave a file, made safe to show and to save: no path, no character that is not seen or turns the text
 * around, one ending only, which is the one that the content has.
 * @param extension without its dot; kept from the name where it is not told.
 */
export function safeName(given: string, extension?: string): string {
  const plain =
    given
      .toWellFormed()
      .normalize('NFC')
      .split(/[/\\]/)
      .at(-1)
      ?.replace(/[\p{Zs}\p{Zl}\p{Zp}\t\n\r]+/gu, ' ')
      // What joins letters and pictures of many scripts stays.
      .replace(/[\p{Cc}\p{Cs}\p{Co}\p{Cn}\uFFFD]|(?![\u200C\u200D])\p{Cf}/gu, '')
      .replace(/[<>:"|?*]/g, '_')
      .replace(/^[\s.]+|[\s.]+$/g, '') ?? '';
  const dot = plain.lastIndexOf('.');
  const ending = dot > 0 && plain.length - dot - 1 <= MOST_EXTENSION ? plain.slice(dot + 1) : '';
  const last = extension ?? ending.toLowerCase();
  // An ending that says the same is not said twice; another one is, as a part of the name.
  const same = ending !== '' && (extension === undefined || sameKind(ending.toLowerCase(), extension));
  const stem = (same ? plain.slice(0, dot) : plain)
    .replace(ACTIVE, '_')
    .replace(DEVICE, (device) => `_${device}`)
    .replace(/[\s.]+$/, '');
  const suffix = last === '' ? '' : `.${last}`;
  return `${shortened(stem, MOST_BYTES - bytesOf(suffix)).trimEnd() || 'sans-nom'}${suffix}`;
}

const ALIKE: Record<string, string> = {
  jpeg: 'jpg',
  jpe: 'jpg',
  jfif: 'jpg',
  tif: 'tiff',
  htm: 'html',
  oga: 'ogg',
  text: 'txt',
};
const PICTURES = new Set(['jpg', 'png', 'gif', 'webp', 'avif', 'tiff', 'svg', 'svgz', 'bmp', 'heic', 'heif']);

/** Whether one ending may be put in the place of the other: a picture that is written anew is of another kind at times. */
function sameKind(one: string, other: string): boolean {
  const [a, b] = [ALIKE[one] ?? one, ALIKE[other] ?? other];
  return a === b || (PICTURES.has(a) && PICTURES.has(b));
}
