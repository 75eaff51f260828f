import { describe, expect, it } from 'vitest';
import { progressLine } from './progress-bar.ts';

describe('the line of a bar', () => {
  it('shows the share, the count and the unit', () => {
    expect(progressLine('fleet.migrate', { done: 50, total: 200, unit: 'schools' })).toBe(
      'fleet.migrate  ██████░░░░░░░░░░░░░░░░░░ 25 %  50/200 schools',
    );
    expect(progressLine('x', { done: 199, total: 200, unit: 'schools' })).toContain('99 %');
    expect(progressLine('x', { done: 3, total: 2, unit: 'y' })).toContain('100 %');
  });

  it('shows a count alone while the total is not known, and nothing of what is not counted', () => {
    expect(progressLine('import', { done: 7, total: null, unit: 'lines' })).toBe('import  7 lines');
    expect(progressLine('import', null)).toBe('import');
  });
});
