import { describe, expect, it } from 'vitest';
import { createBucket } from './limits.ts';

describe('the messages of one socket', () => {
  it('are let through in a burst, then at a rate, and refused beyond', () => {
    let now = 0;
    const take = createBucket(() => now);
    const verdicts = Array.from({ length: 45 }, take);
    expect(verdicts.filter((verdict) => verdict === 'let through')).toHaveLength(40);
    expect(verdicts.at(-1)).toBe('refuse');
    now = 500;
    expect(Array.from({ length: 11 }, take).filter((verdict) => verdict === 'let through')).toHaveLength(10);
  });

  it('close it when they go on being refused', () => {
    const take = createBucket(() => 0);
    const verdicts = Array.from({ length: 240 }, take);
    expect(verdicts.indexOf('close')).toBe(239);
  });
});
