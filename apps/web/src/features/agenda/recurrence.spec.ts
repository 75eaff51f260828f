import { expect, test } from 'vitest';
import { endOfSchoolYear, formOf, REPEATS, ruleOf } from './recurrence.ts';

test.each(REPEATS)('what a form says of %s comes back from its rule', (repeat) => {
  const until = repeat === 'never' ? '' : '2027-07-06';
  expect(formOf(ruleOf(repeat, until))).toEqual({ repeat, until });
});

test('a rule that the form has no words for is not guessed at', () => {
  expect(formOf('FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20270706')).toBeNull();
  expect(formOf('FREQ=MONTHLY;COUNT=3')).toBeNull();
  expect(formOf('FREQ=MONTHLY;BYMONTHDAY=12;UNTIL=20270706')).toEqual({
    repeat: 'MONTHLY',
    until: '2027-07-06',
  });
});

test('a school year ends in the summer after', () => {
  expect(endOfSchoolYear('2026-11-21')).toBe('2027-07-06');
  expect(endOfSchoolYear('2027-03-01')).toBe('2027-07-06');
});
