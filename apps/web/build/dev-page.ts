import { get } from 'node:http';
import type { Plugin } from 'vite';

const HEAD = /<title>[^]*?<script type="application\/json"[^]*?<\/script>/;
const pages = new Map<string, string>();
const FRAME = /<div class="first-frame">[^]*?<\/div>/;

/**
 * With hot reload the page comes from Vite, and what the API writes into it for the host (theme, boot data, language) from
 * the API behind it.
 */
export function devPage(): Plugin {
  return {
    name: 'preau-dev-page',
    apply: 'serve',
    configureServer(server) {
      const proxied = server.config.server.proxy?.['/api'];
      const api =
        typeof proxied === 'object' && typeof proxied.target === 'string' ? proxied.target : undefined;
      server.middlewares.use((request, _response, next) => {
        if (!api || !request.headers.accept?.includes('text/html')) {
          next();
          return;
        }
        const { host = '', cookie = '', 'accept-language': language = '' } = request.headers;
        // Not fetch, which may not say for which host.
        const asked = get(new URL(request.url ?? '/', api), {
          headers: { host, cookie, 'accept-language': language, accept: 'text/html' },
        });
        asked.on('error', next);
        asked.on('response', (answer) => {
          let page = '';
          answer.setEncoding('utf8').on('data', (text: string) => (page += text));
          answer.on('end', () => {
            pages.set(request.url ?? '/', page);
            next();
          });
        });
      });
    },
    transformIndexHtml: {
      order: 'pre',
      handler(html, { originalUrl = '/' }) {
        const page = pages.get(originalUrl) ?? '';
        pages.delete(originalUrl);
        return html
          .replace('<html lang="fr"', /<html lang="\w+"/.exec(page)?.[0] ?? '<html lang="fr"')
          .replace('<!--preau-head-->', () => HEAD.exec(page)?.[0] ?? '')
          .replace('<!--preau-frame-->', () => FRAME.exec(page)?.[0] ?? '');
      },
    },
  };
}
