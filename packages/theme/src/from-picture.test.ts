import { expect, test } from 'vitest';
import { coloursOfPicture } from './from-picture.ts';

const picture = (...colours: [count: number, red: number, green: number, blue: number, opacity?: number][]) =>
  Uint8Array.from(
    colours.flatMap(([count, red, green, blue, opacity = 255]) =>
      Array.from({ length: count }, () => [red, green, blue, opacity]).flat(),
    ),
  );

test('the strongest colours come first, each with the next', () => {
  const pixels = picture([500, 255, 255, 255], [200, 160, 20, 40], [100, 20, 60, 160]);
  expect(coloursOfPicture(pixels, 4)).toEqual([
    { primary: '#a01428', secondary: '#143ca0' },
    { primary: '#143ca0', secondary: '#a01428' },
  ]);
});

test('shades of one colour are one, and go with a quieter tone of it', () => {
  const [pair, ...more] = coloursOfPicture(picture([50, 20, 120, 60], [50, 24, 126, 64]), 4);
  expect(more).toEqual([]);
  expect(pair?.primary).not.toBe(pair?.secondary);
});

test('greys, and what is not seen, propose nothing', () => {
  expect(coloursOfPicture(picture([100, 90, 90, 90], [100, 255, 0, 0, 10]), 4)).toEqual([]);
  expect(coloursOfPicture(new Uint8Array(), 4)).toEqual([]);
});

test('no more than is asked for', () => {
  const many = picture([9, 200, 0, 0], [8, 0, 200, 0], [7, 0, 0, 200], [6, 200, 200, 0], [5, 0, 200, 200]);
  expect(coloursOfPicture(many, 3)).toHaveLength(3);
});
