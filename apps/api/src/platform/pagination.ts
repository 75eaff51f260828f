import type { FastifyReply } from 'fastify';

/** Addresses of the pages before and after, with all the filters; relative, so that they hold behind any proxy. */
export function pageLinks(
  reply: FastifyReply,
  query: { page?: number; page_size?: number },
  count: number,
): { next: string | null; previous: string | null } {
  const { page = 1, page_size: size = 20 } = query;
  const link = (target: number): string => {
    const { url } = reply.request;
    const mark = url.indexOf('?');
    const search = mark < 0 ? '' : url.slice(mark + 1);
    // Two leading slashes would name another host.
    const path = (mark < 0 ? url : url.slice(0, mark)).replace(/^\/+/, '/');
    const parameters = new URLSearchParams(search);
    parameters.set('page', String(target));
    return `${path}?${parameters.toString()}`;
  };
  return { next: page * size < count ? link(page + 1) : null, previous: page > 1 ? link(page - 1) : null };
}
