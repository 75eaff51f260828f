export interface TextPart {
  text: string;
  /** Where it leads, if it is an address. */
  url?: string;
}

/** Splits a text at the web addresses in it. */
export function partsOfText(text: string): TextPart[] {
  return text
    .split(/(https?:\/\/\S+)/)
    .filter((part) => part !== '')
    .map((part) => (/^https?:\/\//.test(part) ? { text: part, url: part } : { text: part }));
}
