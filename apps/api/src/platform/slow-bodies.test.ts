import { EventEmitter } from 'node:events';
import type { FastifyRequest } from 'fastify';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { expectBody } from './slow-bodies.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function begin(headers: Record<string, string>, upload?: { files?: number }) {
  const raw = Object.assign(new EventEmitter(), { destroy: vi.fn() });
  expectBody({ headers, raw, routeOptions: { config: { upload } } } as unknown as FastifyRequest);
  return raw;
}

it('cuts a body that does not end in half a minute', () => {
  const raw = begin({ 'content-length': '10' });
  vi.advanceTimersByTime(29_999);
  expect(raw.destroy).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(raw.destroy).toHaveBeenCalledOnce();
});

it.each([
  ['a body that has ended', { 'transfer-encoding': 'chunked' }, undefined],
  ['a request without a body', {}, undefined],
  ['files, however long they take', { 'content-length': '99999999' }, { files: 1 }],
])('leaves alone %s', (_, headers, upload) => {
  const raw = begin(headers, upload);
  if ('transfer-encoding' in headers) raw.emit('end');
  vi.advanceTimersByTime(120_000);
  expect(raw.destroy).not.toHaveBeenCalled();
});
