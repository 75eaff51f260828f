import type { FastifyReply } from 'fastify';

/** Addresses of the pages before and after, with all the filters; relative, so that they hold behind any proxy. */
export function pageLinks(
  reply: FastifyReply,
  query: { page?: number; page_size?: number },
  count: number,
): { next: string | null; previous: string | null } {
  const { page = 1, page_size: size = 20 } = query;
  const link = (target: number): string => {
    const [path = '', search = ''] = reply.request.url.split('?', 2);
    const parameters = new URLSearchParams(search);
    parameters.set('page', String(target));
    return `${path}?${parameters.toString()}`;
  };
  return { next: page * size < count ? link(page + 1) : null, previous: page > 1 ? link(page - 1) : null };
}
