import { expect, test } from 'vitest';
import { addMonths, byDay, mondayOf, weeksOf } from './days.ts';

test('a month is shown in whole weeks that begin on a Monday', () => {
  const weeks = weeksOf('2026-11-21');
  expect(weeks[0]?.[0]).toBe('2026-10-26');
  expect(weeks.at(-1)?.at(-1)).toBe('2026-12-06');
  expect(weeks.every((week) => week.length === 7)).toBe(true);
  expect(weeksOf('2027-02-10')).toHaveLength(4);
});

test('a month later there may be fewer days', () => {
  expect(addMonths('2027-01-31', 1)).toBe('2027-02-28');
  expect(addMonths('2026-01-15', -1)).toBe('2025-12-15');
});

test('a week begins on its Monday, on Sundays too', () => {
  expect(mondayOf('2026-11-22')).toBe('2026-11-16');
});

test('what spans days is on each of them', () => {
  const camp = { starts_on: '2026-11-20', ends_on: '2026-11-22' };
  const found = byDay([camp], ['2026-11-19', '2026-11-20', '2026-11-22', '2026-11-23']);
  expect([...found].map(([, items]) => items.length)).toEqual([0, 1, 1, 0]);
});
