import { describe, expect, it } from 'vitest';
import { MASK, masked } from './masked.ts';

describe('what the trail keeps of a value', () => {
  it('blots out what opens something, however deep', () => {
    expect(
      masked({
        password: 'a',
        password_hash: 'b',
        challenge_token: 'c',
        nested: [{ client_secret: 'd', api_key: { a: 1 } }],
        code: '123456',
      }),
    ).toEqual({
      password: MASK,
      password_hash: MASK,
      challenge_token: MASK,
      nested: [{ client_secret: MASK, api_key: MASK }],
      code: MASK,
    });
  });

  it('leaves the rest, and the absence of a secret, as they are', () => {
    const at = new Date(0);
    const value = {
      postal_code: '75001',
      password_min_length: 12,
      token: null,
      password: true,
      at,
      scopes: ['a'],
      n: 1.5,
    };
    expect(masked(value)).toEqual(value);
    expect(masked(null)).toBeNull();
    expect(masked('plain')).toBe('plain');
  });
});
