import { readFileSync } from 'node:fs';
import { baseCompile } from '@intlify/message-compiler';
import type { Plugin } from 'vite';

type Messages = string | { [key: string]: Messages };

const SOURCE = /\/locales\/(?:fr|en)\.json(?:\?nav)?$/;
/** Asks for the entries of the navigation alone. */
const NAV = '?nav';
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

/** Compiles the words when the application is built: the browser then needs no compiler of its own. */
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
      const source = id.slice(PREFIX.length, -'.js'.length);
      const file = source.replace(NAV, '');
      this.addWatchFile(file);
      const words = JSON.parse(readFileSync(file, 'utf8')) as Messages;
      return `export default ${compileMessages(source === file ? words : navigationWords(words))}`;
    },
    config: () => ({ define: { __INTLIFY_DROP_MESSAGE_COMPILER__: true } }),
  };
}
