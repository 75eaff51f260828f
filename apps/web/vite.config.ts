import tailwindcss from '@tailwindcss/vite';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { budgets } from './build/budgets.ts';
import { CHUNKS } from './build/chunks.ts';
import { compileAhead } from './build/compile-ahead.ts';
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
  plugins: [
    messages(),
    vue(),
    tailwindcss(),
    compileAhead(),
    compress(),
    budgets(),
    serverPages(define),
    devPage(),
  ],
  define,
  build: {
    target: 'es2022',
    manifest: true,
    // A data: URL in a stylesheet would be one more thing for the content policy to let through.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: { groups: CHUNKS },
      },
    },
  },
});
