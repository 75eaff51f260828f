import tailwindcss from '@tailwindcss/vite';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { budgets } from './build/budgets.ts';
import { isBase, isCommon, isForm, isHome, isOverlay } from './build/base-chunk.ts';
import { compress } from './build/compress.ts';
import { devPage } from './build/dev-page.ts';
import { messages } from './build/messages.ts';
import { serverPages } from './build/server-pages.ts';

const define = {
  __VUE_OPTIONS_API__: false,
  __VUE_PROD_DEVTOOLS__: false,
  __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
  __VUE_I18N_LEGACY_API__: false,
  __VUE_I18N_FULL_INSTALL__: false,
  __INTLIFY_PROD_DEVTOOLS__: false,
};

export default defineConfig({
  root: import.meta.dirname,
  plugins: [messages(), vue(), tailwindcss(), compress(), budgets(), serverPages(define), devPage()],
  define,
  build: {
    target: 'es2022',
    manifest: true,
    // A data: URL in a stylesheet would be one more thing for the content policy to let through.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What every face loads, in one file: thirty small ones compress worse and cost a request each.
          groups: [
            { name: 'base', test: isBase },
            { name: 'common', test: isCommon },
            { name: 'forms', test: isForm },
            { name: 'overlay', test: isOverlay },
            // A file for each would be a request for every two hundred bytes.
            { name: 'icons', test: /\/@lucide\/vue\/dist\/esm\/icons\//, minShareCount: 2 },
            // And what each begins with on its own.
            { name: 'portal', test: /\/shells\/portal\/start\.ts$/ },
            { name: 'console', test: /\/shells\/console\/start\.ts$/ },
            // The page that most come in by, with its cards.
            { name: 'home', test: isHome, includeDependenciesRecursively: false },
          ],
        },
      },
    },
  },
});
