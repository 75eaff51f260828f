import { expect, test, vi } from 'vitest';
import { NetworkError } from '../../shared/problem.ts';
import { createSubmission } from './submission-key.ts';

type Send = (body: { name: string }, key: string) => Promise<string>;
const keysOf = (send: ReturnType<typeof vi.fn<Send>>) => send.mock.calls.map(([, key]) => key);

test('the same form sent again after no answer keeps its key', async () => {
  const send = vi
    .fn<Send>()
    .mockRejectedValueOnce(new NetworkError(true, undefined))
    .mockResolvedValueOnce('done');
  const submit = createSubmission(send);
  await submit({ name: 'a' }).catch(() => undefined);
  await submit({ name: 'a' });
  const [first, second] = keysOf(send);
  expect(first).toMatch(/^[0-9a-f]{32}$/);
  expect(second).toBe(first);
});

test('another content is another submission, and so is the next school', async () => {
  const send = vi
    .fn<Send>()
    .mockRejectedValueOnce(new NetworkError(true, undefined))
    .mockResolvedValue('done');
  const submit = createSubmission(send);
  await submit({ name: 'a' }).catch(() => undefined);
  await submit({ name: 'b' });
  await submit({ name: 'b' });
  expect(new Set(keysOf(send)).size).toBe(3);
});

test('a form that was refused is a new submission', async () => {
  const send = vi.fn<Send>().mockRejectedValueOnce(new Error('refused')).mockResolvedValue('done');
  const submit = createSubmission(send);
  await submit({ name: 'a' }).catch(() => undefined);
  await submit({ name: 'a' });
  expect(new Set(keysOf(send)).size).toBe(2);
});
