import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Boot } from '@preau/contracts/boot';
import type { AskApi, PageWritten, PlainForm, WritePage } from '@preau/contracts/public-pages';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { renderPage, type Mode, type Page } from './page.ts';

export interface PublicPages {
  /** The page of an address of the public site with what it says in it; null where it cannot be written. */
  write(request: FastifyRequest, asked: PublicPageAsked): Promise<(Page & { status: number }) | null>;
}

interface PublicPageAsked {
  boot: Boot;
  mode: Mode;
  /** Links to what the page loads, with its own parts. */
  preloads: (parts: readonly string[]) => string;
  /** Came without scripts: the page then goes on without them. */
  form?: PlainForm;
}

type Answer = Awaited<ReturnType<AskApi>>;
interface Kept {
  /** What its page asks of the API. */
  asked: string[];
  /** Of what was answered. */
  digest: string;
  page: Page & { status: number };
}

/** Pages in memory, of some tens of kilobytes each; longer addresses are nobody's links. */
const MOST_KEPT = 300;
const LONGEST_ADDRESS = 400;

const digestOf = (answers: readonly Answer[]): string =>
  createHash('sha256')
    .update(answers.map(({ status, text }) => `${status} ${text}`).join('\n'))
    .digest('base64');

/** Asks as who has asked for the page: their host, address and language, so that all limits are theirs. */
export const askAs =
  (app: FastifyInstance, request: FastifyRequest, language: string): AskApi =>
  async (url, { method, headers, body }) => {
    const answer = await app.inject({
      method: method as 'GET',
      url,
      remoteAddress: request.ip,
      headers: { ...headers, host: request.headers.host, 'accept-language': language },
      ...(body === undefined ? {} : { payload: body }),
    });
    const kept = ['content-type', 'retry-after', 'x-request-id'];
    const told = kept.flatMap((name) => (answer.headers[name] ? [[name, String(answer.headers[name])]] : []));
    return { status: answer.statusCode, headers: Object.fromEntries(told), text: answer.body };
  };

/**
 * Writes the pages of the public site with their content, by the application's own components, from the answers of the API that
 * the application would ask: for who runs no scripts, and for all the others sooner. What a page asks is asked each time, and
 * written anew only when the answers differ: a school that has left the directory is on no page.
 */
export async function createPublicPages(
  app: FastifyInstance,
  { root, template }: { root: string; template: string },
): Promise<PublicPages> {
  const file = join(root, 'server/public.js');
  if (!existsSync(file)) return { write: async () => null };
  const { writePage } = (await import(pathToFileURL(file).href)) as { writePage: WritePage };
  const pages = new LRUCache<string, Kept>({ max: MOST_KEPT });

  async function written(request: FastifyRequest, { boot, mode, form }: PublicPageAsked, ask: AskApi) {
    const { scheme } = boot.base;
    const address = new URL(request.url, `${scheme}://${request.headers.host ?? boot.base.domain}`);
    return writePage({ boot, address, mode: mode ?? 'system', ask, ...(form ? { form } : {}) });
  }

  function rendered(page: PageWritten, { boot, mode, preloads, form }: PublicPageAsked) {
    const whole = form ? boot : { ...boot, answers: page.answers };
    return {
      ...renderPage(template, whole, mode, preloads(page.parts), { ...page, plain: form !== undefined }),
      status: page.status,
    };
  }

  return {
    async write(request, asked) {
      const ask = askAs(app, request, asked.boot.language);
      try {
        if (asked.form) return rendered(await written(request, asked, ask), asked);
        const key = [asked.boot.language, asked.mode, asked.boot.has_session, request.url].join('|');
        const kept = pages.get(key);
        const known = new Map<string, Answer>();
        if (kept) {
          const get = { method: 'GET', headers: { accept: 'application/json' } };
          const answers = await Promise.all(kept.asked.map((url) => ask(url, get)));
          if (digestOf(answers) === kept.digest) return kept.page;
          kept.asked.forEach((url, at) => answers[at] && known.set(url, answers[at]));
        }
        const answered = new Map<string, Answer>();
        const page = await written(request, asked, async (url, init) => {
          const answer = known.get(url) ?? (await ask(url, init));
          answered.set(url, answer);
          return answer;
        });
        const made = rendered(page, asked);
        const wasWhole = [...answered.values()].every(({ status }) => status < 429);
        if (wasWhole && request.url.length <= LONGEST_ADDRESS)
          pages.set(key, {
            asked: [...answered.keys()],
            digest: digestOf([...answered.values()]),
            page: made,
          });
        return made;
      } catch (error) {
        // The application can still show it by itself.
        request.server.problemLog?.error({ req_id: request.id, err: error }, 'page not written');
        return null;
      }
    },
  };
}
