import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { LRUCache } from 'lru-cache';
import type { Boot, SchoolTimes } from '@preau/contracts/boot';
import { preferredLanguage } from '@preau/contracts/languages';
import type { PlainForm } from '@preau/contracts/public-pages';
import type { Language } from '@preau/contracts/vocabulary';
import { AppError } from '../../platform/app-error.ts';
import type { Services } from '../../services.ts';
import { faceOf, type Place, type PlaceFinder } from '../../zones/place.ts';
import { movedTo } from '../../zones/zones.ts';
import { PLATFORM_THEME } from '../current-tenant/index.ts';
import { faviconSvg } from './favicon.ts';
import { firstPageOf } from './first-pages.ts';
import { begunRequest, plainForms } from './plain-forms.ts';
import { preloadsOf } from './preload.ts';
import { renderPage, type Mode, type Page } from './page.ts';
import { askAs, createPublicPages } from './public-pages.ts';

export interface WebAppOptions {
  places: PlaceFinder;
  services: Services;
  /** Folder of the built application. */
  root?: string;
}

const DIST = fileURLToPath(new URL('../../../../web/dist', import.meta.url));
const STATUS: Record<Boot['state'], number> = { open: 200, unknown: 404, not_ready: 403, closed: 403 };

function stateOf({ kind, tenant }: Place): Boot['state'] {
  if (kind === 'unknown') return 'unknown';
  if (!tenant || tenant.status === 'active') return 'open';
  return tenant.status === 'inactive' || tenant.status === 'archived' ? 'closed' : 'not_ready';
}

function timesOf({ tenant }: Place): SchoolTimes | undefined {
  if (!tenant) return undefined;
  const { timezone, date_format, time_format } = tenant.settings;
  return { timezone, date_format, time_format };
}

/** The reader's own choice, kept in a cookie that the application sets; then the browser's; then the school's. */
function languageOf(request: FastifyRequest, fallback: Language): Language {
  const chosen = /(?:^|;\s*)preau_language=(fr|en)\b/.exec(request.headers.cookie ?? '')?.[1];
  return (chosen as Language | undefined) ?? preferredLanguage(request.headers['accept-language'], fallback);
}

const isNewSchool = (url: string): boolean => /^\/tenant\/new\/?(?:\?|$)/.test(url);

/** Light or dark, if the reader chose: the application keeps it in a cookie, for the first frame. */
const modeOf = (request: FastifyRequest): Mode =>
  (/(?:^|;\s*)preau_mode=(light|dark)\b/.exec(request.headers.cookie ?? '')?.[1] as Mode | undefined) ?? null;

/**
 * The application's files, and its page for every path that no route has: one template, written for the host. Pages are kept
 * by theme version and language, so that a school's page is made once.
 */
export const webAppPlugin = fp<WebAppOptions>(
  async (app, { places, services, root = DIST }) => {
    const index = join(root, 'index.html');
    const built = existsSync(index);
    const template = built ? readFileSync(index, 'utf8') : null;
    const preloads = preloadsOf(root);
    const pages = new LRUCache<string, Page>({ max: 2_000 });
    const config = { contract: { zone: 'public', permission: 'anyone', name: 'page' } } as const;
    const schema = { hide: true } as never;

    if (built) {
      await app.register(fastifyStatic, {
        root: join(root, 'assets'),
        prefix: '/assets/',
        wildcard: false,
        decorateReply: false,
        immutable: true,
        maxAge: '365d',
        preCompressed: true,
      });
    }

    const publicPages = template === null ? null : await createPublicPages(app, { root, template });

    async function sendPage(
      request: FastifyRequest,
      reply: FastifyReply,
      sent?: { form: PlainForm; status: number },
    ): Promise<FastifyReply> {
      const place = (await places.load(request.headers.host)) ?? { kind: 'unknown', host: '', tenant: null };
      request.place = place;
      if (place.kind === 'moved') throw movedTo(place, services.base, request.url);
      if (place.tenant) {
        request.tenantId = place.tenant.id;
        if (place.tenant.status === 'active') services.lastAccess.touch(place.tenant.id);
      }
      if (!template) throw new Error('The application is not built: run `pnpm build`');
      const theme = (place.tenant?.theme ?? PLATFORM_THEME).value;
      const language = languageOf(request, theme.language);
      const state = stateOf(place);
      const closed = state === 'closed' ? place.tenant?.closed : undefined;
      const mode = modeOf(request);
      const hasSession = services.sessionCookie.read(request.headers.cookie) !== null;
      const face = faceOf(place);
      const times = timesOf(place);
      const bootFor = (): Boot => ({
        face,
        language,
        theme,
        state,
        has_session: hasSession,
        base: services.base,
        ...(closed ? { closed } : {}),
        ...(times ? { times } : {}),
      });
      const begun = place.kind === 'base' ? begunRequest(request.headers.cookie) : undefined;
      const form = sent?.form ?? (begun && isNewSchool(request.url) ? { values: {}, request: begun } : null);
      const written =
        place.kind === 'base' && publicPages
          ? await publicPages.write(request, {
              boot: bootFor(),
              mode,
              preloads: (parts) => preloads(face, language, null, parts),
              ...(form ? { form } : {}),
            })
          : null;
      const first = state === 'open' ? firstPageOf(face, request.url, hasSession) : null;
      const told = times && Object.values(times).join();
      const key = [
        place.kind,
        theme.version,
        language,
        state,
        closed?.since,
        mode,
        hasSession,
        first,
        told,
      ].join('|');
      let page: Page | undefined = written ?? pages.get(key);
      if (!page) {
        page = renderPage(template, bootFor(), mode, preloads(face, language, first));
        pages.set(key, page);
      }
      return reply
        .code(sent?.status ?? written?.status ?? STATUS[state])
        .headers({
          'content-security-policy': page.csp,
          'cache-control': form ? 'no-store' : 'no-cache',
          'content-language': language,
          vary: 'Accept-Language, Cookie',
        })
        .type('text/html; charset=utf-8')
        .send(page.html);
    }

    app.get('/', { config, schema }, (request, reply) => sendPage(request, reply));
    app.get('/favicon.svg', { config, schema }, async (request, reply) => {
      const place = await places.load(request.headers.host);
      const { value } = place?.tenant?.theme ?? PLATFORM_THEME;
      const current = (request.query as { v?: string }).v === value.version;
      return reply
        .header('cache-control', current ? 'public, max-age=31536000, immutable' : 'public, no-cache')
        .header('content-security-policy', "default-src 'none'")
        .type('image/svg+xml')
        .send(faviconSvg(value));
    });
    app.get('/favicon.ico', { config, schema }, (_request, reply) => reply.redirect('/favicon.svg', 302));

    await app.register(plainForms, {
      places,
      secure: services.base.scheme === 'https',
      async send(request, path, body, key) {
        const { status, text } = await askAs(
          app,
          request,
          languageOf(request, 'fr'),
        )(`/api/v1${path}`, {
          method: 'POST',
          headers: {
            accept: 'application/json',
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...(key === undefined ? {} : { 'signup-key': key }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        return { status, body: text === '' ? null : JSON.parse(text) };
      },
      show: (request, reply, form, status) => sendPage(request, reply, { form, status }),
    });

    app.setNotFoundHandler((request, reply) => {
      const forPeople =
        (request.method === 'GET' || request.method === 'HEAD') &&
        request.headers.accept?.includes('text/html') === true;
      if (!forPeople || /^\/(?:api|assets|internal)(?:\/|$)/.test(request.url))
        throw new AppError('not_found');
      return sendPage(request, reply);
    });
  },
  { name: 'web-app', dependencies: ['problems'] },
);
