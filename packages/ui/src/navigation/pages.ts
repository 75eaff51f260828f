/**
 * The pages to offer around `page` among `last`: both ends, the neighbours, and `null` where pages
 * are left out. A gap is never of one page only.
 */
export function pagesAround(page: number, last: number): (number | null)[] {
  if (last <= 7) return Array.from({ length: last }, (_, index) => index + 1);
  const from = Math.max(2, Math.min(page - 1, last - 4));
  const to = Math.min(last - 1, Math.max(page + 1, 5));
  const start = from === 3 ? 2 : from;
  const end = to === last - 2 ? last - 1 : to;
  const middle = Array.from({ length: end - start + 1 }, (_, index) => start + index);
  return [1, ...(start > 2 ? [null] : []), ...middle, ...(end < last - 1 ? [null] : []), last];
}
