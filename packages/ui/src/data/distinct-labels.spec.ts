import { expect, it } from 'vitest';
import { distinctLabels } from './distinct-labels.ts';

it('says a label once where several ticks of an axis share it', () => {
  expect(distinctLabels(['21 nov.', '22 nov.', '22 nov.', '22 nov.', '23 nov.'])).toEqual([
    '21 nov.',
    '22 nov.',
    '',
    '',
    '23 nov.',
  ]);
  expect(distinctLabels([])).toEqual([]);
});
