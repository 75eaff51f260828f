import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { baseCompile } from '@intlify/message-compiler';
import type { Plugin } from 'vite';

type Messages = string | { [key: string]: Messages };

const SOURCE = /\/locales\/(?:fr|en)\.json(?:\?(?:nav|card))?$/;
const PREFIX = '\0preau-messages:';
const HAS_SYNTAX = /[{|@]/;

/** A module of the same shape; each sentence is the function that vue-i18n would make of it. */
export function compileMessages(words: Messages): string {
  if (typeof words === 'string') {
    if (!HAS_SYNTAX.test(words)) return `()=>${JSON.stringify(words)}`;
    return baseCompile(words, {
      jit: false,
      mode: 'arrow',
      onError(error) {
        throw new Error(`${words}: ${error.message}`);
      },
    }).code;
  }
  const entries = Object.entries(words).map(
    ([key, value]) => `${JSON.stringify(key)}:${compileMessages(value)}`,
  );
  return `{${entries.join(',')}}`;
}

/** Of each part of a feature's words, its entry of the navigation. */
export function navigationWords(words: Messages): Messages {
  if (typeof words === 'string') return {};
  return Object.fromEntries(
    Object.entries(words).flatMap(([part, inside]) =>
      typeof inside === 'object' && inside['nav'] !== undefined ? [[part, { nav: inside['nav'] }]] : [],
    ),
  );
}

const PART = /\bt\((?:\s*['`]([\w.]+))?/g;

/** Keys of what a component says; one that ends in a dot is of all that it begins. */
export const keysSaid = (component: string): string[] =>
  [...component.matchAll(PART)].map(([call, key]) => {
    if (key === undefined) throw new Error(`A card says its words by their keys: ${call}`);
    return key;
  });

/** Of a feature's words those of these keys. */
export function wordsSaid(words: Messages, keys: readonly string[], path = ''): Messages {
  if (typeof words === 'string') return words;
  return Object.fromEntries(
    Object.entries(words).flatMap(([part, inside]) => {
      const key = `${path}${part}`;
      if (keys.includes(key) || keys.some((one) => one.endsWith('.') && `${key}.`.startsWith(one)))
        return [[part, inside]];
      return keys.some((one) => one.startsWith(`${key}.`)) && typeof inside === 'object'
        ? [[part, wordsSaid(inside, keys, `${key}.`)]]
        : [];
    }),
  );
}

const saidByCards = (feature: string): string[] =>
  globSync(join(feature, 'components/Home*.vue')).flatMap((card) => keysSaid(readFileSync(card, 'utf8')));

function partOf(words: Messages, file: string, only: string | undefined): Messages {
  if (only === 'nav') return navigationWords(words);
  return only === 'card' ? wordsSaid(words, saidByCards(join(file, '../..'))) : words;
}

/**
 * Compiles the words when the application is built: the browser then needs no compiler of its own. Of a feature `?nav` asks for
 * the entries of the navigation alone, `?card` for what its cards of the home page say.
 */
export function messages(): Plugin {
  return {
    name: 'preau-messages',
    enforce: 'pre',
    apply: 'build',
    async resolveId(source, importer) {
      if (!SOURCE.test(source) || !importer) return null;
      const found = await this.resolve(source, importer, { skipSelf: true });
      // Not a .json id: Vite would read the module as JSON again.
      return found && `${PREFIX}${found.id}.js`;
    },
    load(id) {
      if (!id.startsWith(PREFIX)) return null;
      const [file = '', only] = id.slice(PREFIX.length, -'.js'.length).split('?');
      this.addWatchFile(file);
      const words = JSON.parse(readFileSync(file, 'utf8')) as Messages;
      return `export default ${compileMessages(partOf(words, file, only))}`;
    },
    config: () => ({ define: { __INTLIFY_DROP_MESSAGE_COMPILER__: true } }),
  };
}
