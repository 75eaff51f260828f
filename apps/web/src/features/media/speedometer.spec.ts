import { expect, test } from 'vitest';
import { createSpeedometer } from './speedometer.ts';

test('the speed is that of the last seconds, and nothing is told too soon', () => {
  let now = 0;
  const speed = createSpeedometer(() => now);
  now = 100;
  expect(speed.at(50)).toBeNull();
  now = 1_000;
  expect(speed.at(1_000)).toBe(1_000);
  for (now = 2_000; now <= 10_000; now += 500) speed.at(1_000 + (now - 1_000) * 5);
  // The slow first second is forgotten.
  expect(Math.round(speed.at(46_000 + 2_500) ?? 0)).toBe(5_000);
});
