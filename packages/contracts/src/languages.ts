import { LANGUAGES, type Language } from './vocabulary.ts';

/** One sentence in each language the product speaks. */
export type Sentence = Readonly<Record<Language, string>>;

/**
 * The language to answer in, from an `Accept-Language` header (RFC 9110 §12.5.4): highest quality first, French
 * when nothing matches.
 */
export function preferredLanguage(acceptLanguage: string | undefined, fallback: Language = 'fr'): Language {
  if (!acceptLanguage) return fallback;
  let best: { language: Language; quality: number } | undefined;
  for (const part of acceptLanguage.slice(0, 200).split(',')) {
    const [range = '', ...parameters] = part.trim().toLowerCase().split(';');
    const language = LANGUAGES.find((known) => known === range.split('-')[0]);
    const weight = parameters.map((parameter) => /^\s*q=([\d.]+)$/.exec(parameter)?.[1]).find(Boolean);
    const quality = weight === undefined ? 1 : Number(weight);
    if (language && quality > 0 && quality > (best?.quality ?? 0)) best = { language, quality };
  }
  return best?.language ?? fallback;
}
