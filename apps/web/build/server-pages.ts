import { join } from 'node:path';
import vue from '@vitejs/plugin-vue';
import { build, type Plugin, type UserConfig } from 'vite';
import { messages } from './messages.ts';

/** Builds beside the application what the server writes the public site's pages with: one file that needs no package. */
export function serverPages(define: UserConfig['define']): Plugin {
  let root = '';
  let out = '';
  return {
    name: 'preau-server-pages',
    apply: 'build',
    configResolved: (config) => {
      root = config.root;
      out = join(config.root, config.build.outDir, 'server');
    },
    async closeBundle() {
      await build({
        root,
        configFile: false,
        logLevel: 'warn',
        plugins: [messages(), vue()],
        define: { ...define, 'process.env.NODE_ENV': '"production"' },
        // Without `node`: packages would give files that choose among themselves when they run.
        ssr: { noExternal: true, resolve: { conditions: ['module', 'import', 'default'] } },
        resolve: { conditions: ['module', 'import', 'default'] },
        build: {
          ssr: join(root, 'src/shells/public/server.ts'),
          outDir: out,
          target: 'esnext',
          copyPublicDir: false,
          rolldownOptions: { output: { entryFileNames: 'public.js', codeSplitting: false } },
        },
      });
    },
  };
}
