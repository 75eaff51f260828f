const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** A name that has to fit in a sentence: at most `limit` characters as a reader counts them, then an ellipsis. */
export function shorten(text: string, limit = 60): string {
  const characters = Array.from(graphemes.segment(text), ({ segment }) => segment);
  return characters.length > limit
    ? `${characters
        .slice(0, limit - 1)
        .join('')
        .trimEnd()}…`
    : text;
}
