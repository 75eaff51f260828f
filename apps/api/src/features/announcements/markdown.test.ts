import { describe, expect, it } from 'vitest';
import { excerptOf, toHtml } from './markdown.ts';

describe('a text in Markdown', () => {
  it('becomes HTML, with headings below that of the page and line breaks as they were typed', () => {
    expect(toHtml('# Sortie\n\nDépart **à 9 h**\ndevant le portail')).toBe(
      '<h2>Sortie</h2>\n<p>Départ <strong>à 9 h</strong><br>\ndevant le portail</p>\n',
    );
  });

  it.each([
    ['raw HTML', '<script>alert(1)</script> <img src=x onerror=alert(1)>', /<script|<img/],
    ['a link that runs', '[ici](javascript:alert(1)) [là](data:text/html,x) [et](vbscript:x)', /href/],
    ['a picture of another host', '![pisteur](https://example.org/p.gif)', /<img/],
    ['an attribute that ends early', '[x](https://example.org/"onmouseover="alert(1))', /" ?onmouseover/],
    ['an entity that hides a scheme', '[x](&#106;avascript:alert(1))', /href/],
  ])('is never %s', (_, text, forbidden) => {
    expect(toHtml(text)).not.toMatch(forbidden);
  });

  it('keeps the way to a picture as a link, and tells the other side nothing of the reader', () => {
    expect(toHtml('![le plan](https://example.org/plan.png)')).toContain(
      '<a href="https://example.org/plan.png" rel="noopener noreferrer nofollow">le plan</a>',
    );
    expect(toHtml('https://example.org')).toContain('rel="noopener noreferrer nofollow"');
    expect(toHtml('Fini.Demain')).not.toContain('<a');
  });

  it('begins with words without marks, cut between them', () => {
    expect(excerptOf('## Menu\n\n- **lundi** : [soupe](https://example.org)\n- mardi')).toBe(
      'Menu\nlundi : soupe\nmardi',
    );
    const long = excerptOf('mot '.repeat(200));
    expect(long.length).toBeLessThanOrEqual(281);
    expect(long).toMatch(/mot…$/);
    expect(excerptOf('x'.repeat(400))).toHaveLength(281);
  });
});
