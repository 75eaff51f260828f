import { expect, it, vi } from 'vitest';
import { atFirstSign } from './at-first-sign.ts';

it('waits for somebody, does each work once, and later ones at once', async () => {
  const first = vi.fn(async () => undefined);
  const failing = vi.fn(async () => {
    throw new Error('offline');
  });
  atFirstSign(first);
  atFirstSign(first);
  atFirstSign(failing);
  expect(first).not.toHaveBeenCalled();
  dispatchEvent(new KeyboardEvent('keydown', { key: 'Tab' }));
  dispatchEvent(new Event('pointermove'));
  expect(first).toHaveBeenCalledTimes(1);
  expect(failing).toHaveBeenCalledTimes(1);
  const later = vi.fn(async () => undefined);
  atFirstSign(later);
  expect(later).toHaveBeenCalledTimes(1);
});
