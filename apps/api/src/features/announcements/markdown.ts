import { LRUCache } from 'lru-cache';
import MarkdownIt from 'markdown-it';

/**
 * Markdown of members. Raw HTML stays text; links that could run something are not made links (the library's own list); pictures
 * become links to themselves, since a page must not tell other hosts who reads it.
 */
const markdown = new MarkdownIt('default', { html: false, linkify: true, breaks: true, typographer: false });
// Only what says that it is an address: a full stop without a space after it is a slip, not a link.
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
markdown.renderer.rules['link_open'] = (tokens, at, options, _env, self) => {
  tokens[at]?.attrSet('rel', 'noopener noreferrer nofollow');
  return self.renderToken(tokens, at, options);
};
const escape = markdown.utils.escapeHtml;
markdown.renderer.rules['image'] = (tokens, at) => {
  const token = tokens[at];
  const address = String(token?.attrGet('src') ?? '');
  const text = token?.content || address;
  return `<a href="${escape(address)}" rel="noopener noreferrer nofollow">${escape(text)}</a>`;
};
// The title of the announcement is the page's first heading: those within are below it.
for (const rule of ['heading_open', 'heading_close'] as const)
  markdown.renderer.rules[rule] = (tokens, at, options, _env, self) => {
    const token = tokens[at];
    if (token) token.tag = `h${Math.min(6, Number(token.tag.slice(1)) + 1)}`;
    return self.renderToken(tokens, at, options);
  };

/** Safe HTML of a text in Markdown. */
export const toHtml = (text: string): string => markdown.render(text);

const MOST = 280;
// A list is asked for far more often than anything in it changes. By the text itself: nothing else can be confused.
const excerpts = new LRUCache<string, string>({ max: 2_000 });

/** The beginning of a text in Markdown, as plain text: at most 280 characters, cut between words. */
export function excerptOf(text: string): string {
  // The beginning is enough to find the beginning: parsing a whole long text would be for nothing.
  const start = text.slice(0, MOST * 4);
  let excerpt = excerpts.get(start);
  if (excerpt === undefined) {
    excerpt = readExcerpt(start, MOST);
    excerpts.set(start, excerpt);
  }
  return excerpt;
}

function readExcerpt(start: string, most: number): string {
  const words = markdown
    .parse(start, {})
    .flatMap(({ type, children, content }) =>
      type === 'inline'
        ? [(children ?? []).map((child) => (child.type.endsWith('break') ? '\n' : child.content)).join('')]
        : type === 'fence' || type === 'code_block'
          ? [content.trim()]
          : [],
    )
    .filter((line) => line.trim() !== '')
    .join('\n');
  if (words.length <= most) return words;
  const cut = words.slice(0, most);
  const space = cut.lastIndexOf(' ');
  return `${cut.slice(0, space > most / 2 ? space : most).trimEnd()}…`;
}
