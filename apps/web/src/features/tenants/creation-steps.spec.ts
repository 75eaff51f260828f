import { expect, test } from 'vitest';
import { firstStepWith, requiredIn, stepOf, STEPS } from './creation-steps.ts';
import { FORM_FIELDS, REQUIRED_FIELDS } from './tenant-form.ts';

test('each field of the form is asked for in one step, and what is required before the check', () => {
  for (const field of FORM_FIELDS)
    expect(
      STEPS.filter(({ fields }) => (fields as readonly string[]).includes(field)),
      field,
    ).toHaveLength(1);
  expect(STEPS.flatMap((_, step) => requiredIn(step)).toSorted()).toEqual(REQUIRED_FIELDS.toSorted());
});

test('errors lead to the first step, in the order of the screen, that has one', () => {
  expect(firstStepWith({ max_students: 'x', subdomain: 'x' })).toBe(stepOf('subdomain'));
  expect(firstStepWith({ phone: 'x', paid_until: 'x' })).toBe(0);
  expect(firstStepWith({})).toBeUndefined();
});
