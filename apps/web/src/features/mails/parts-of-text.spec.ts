import { expect, it } from 'vitest';
import { partsOfText } from './parts-of-text.ts';

it('finds the addresses in a text, and leaves the rest as it is', () => {
  expect(
    partsOfText('Choisir :\nhttp://a.localhost:3000/reset-password#x-_1\n\njavascript:alert(1)'),
  ).toEqual([
    { text: 'Choisir :\n' },
    {
      text: 'http://a.localhost:3000/reset-password#x-_1',
      url: 'http://a.localhost:3000/reset-password#x-_1',
    },
    { text: '\n\njavascript:alert(1)' },
  ]);
  expect(partsOfText('')).toEqual([]);
});
