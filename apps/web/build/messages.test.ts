import { expect, test } from 'vitest';
import { compileMessages, keysSaid, navigationWords, wordsSaid } from './messages.ts';

test('words are compiled into functions of the same shape', () => {
  const code = compileMessages({ a: { b: 'Bonjour' }, c: 'Un | {n}' });
  expect(code).toMatch(/^\{"a":\{"b":\(\)=>"Bonjour"\},"c":\(ctx\) => \{.*_plural/);
});

test('a sentence that cannot be read names itself', () => {
  expect(() => compileMessages('Bonjour {name')).toThrow('Bonjour {name');
});

test('of the words of a feature the navigation needs its entry alone', () => {
  expect(navigationWords({ agenda: { nav: 'Agenda', title: 'Agenda' }, event: { title: 'Event' } })).toEqual({
    agenda: { nav: 'Agenda' },
  });
});

test('of the words of a feature its cards need those that they name', () => {
  const keys = keysSaid('<b :x="t(\'agenda.none\', { n: 1 })">{{ t(`agenda.of.${kind}`) }}</b>');
  expect(keys).toEqual(['agenda.none', 'agenda.of.']);
  const words = { none: 'Rien', none_hint: 'Plus tard', of: { a: 'A', b: 'B' }, off: 'Non' };
  expect(wordsSaid({ agenda: words, event: { none: 'Rien' } }, keys)).toEqual({
    agenda: { none: 'Rien', of: { a: 'A', b: 'B' } },
  });
});

test('a card that says words by a key of no text names itself', () => {
  expect(() => keysSaid("t(all ? 'agenda.all' : 'agenda.none')")).toThrow('A card says its words');
});
