import type { Plugin } from 'vite';

/** What pages run as soon as they are there: all of the portal or the console, those that most come in by, most of the public site's base. */
const AT_ONCE = new Set(['base', 'common', 'portal', 'console', 'home', 'HomePage', 'home-cards', 'lists']);
// Chromium's (https://v8.dev/blog/explicit-compile-hints); to others a comment. It counts at the very beginning of a file alone.
const HINT = '//# allFunctionsCalledOnLoad\n';

/**
 * Has the browser compile all functions of a file while it comes, on another thread. Otherwise each is compiled at its first
 * call, one after the other, while nobody is answered: a quarter of the time that long tasks took.
 */
export const compileAhead = (): Plugin => ({
  name: 'preau-compile-ahead',
  apply: 'build',
  generateBundle: {
    // After Vite has put its own line at the top.
    order: 'post',
    handler(_, bundle) {
      for (const file of Object.values(bundle))
        if (file.type === 'chunk' && AT_ONCE.has(file.name)) file.code = HINT + file.code;
    },
  },
});
