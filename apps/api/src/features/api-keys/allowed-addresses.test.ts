import { describe, expect, it } from 'vitest';
import { isCidr } from '../../platform/formats.ts';
import { addressCheck } from './allowed-addresses.ts';

describe('addresses a key may be used from', () => {
  it.each(['192.0.2.1', '192.0.2.0/24', '0.0.0.0/0', '2001:db8::1', '2001:db8::/32', '::/0'])(
    'may be written %s',
    (text) => expect(isCidr(text)).toBe(true),
  );
  it.each([
    '',
    'localhost',
    '192.0.2.0/33',
    '192.0.2.0/',
    '192.0.2/24',
    '1.2.3.4/8/8',
    '::/129',
    '1.2.3.4/-1',
  ])('may not be written %s', (text) => expect(isCidr(text)).toBe(false));

  it('are all where none is named, and those of the networks where some are', () => {
    expect(addressCheck([])(null)).toBe(true);
    const may = addressCheck(['192.0.2.0/24', '198.51.100.7', '2001:db8::/32']);
    for (const address of ['192.0.2.255', '198.51.100.7', '2001:db8:1::5', '::ffff:192.0.2.9'])
      expect(may(address), address).toBe(true);
    for (const address of ['192.0.3.1', '198.51.100.8', '2001:db9::', 'nothing', null])
      expect(may(address), String(address)).toBe(false);
  });
});
