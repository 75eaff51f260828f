import { expect, it, vi } from 'vitest';

it('waits for somebody, does each work once, and later ones at once', async () => {
  // Specs share their modules, and one before may have given a sign.
  vi.resetModules();
  const { atFirstSign } = await import('./at-first-sign.ts');
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
