import path from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/** The page of all components, by itself: `vite apps/web/gallery` shows it, its browser test builds it. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [vue(), tailwindcss()],
  define: { __VUE_OPTIONS_API__: false, __VUE_PROD_DEVTOOLS__: false },
  build: {
    outDir: path.join(import.meta.dirname, '../../../.cache/gallery'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
});
