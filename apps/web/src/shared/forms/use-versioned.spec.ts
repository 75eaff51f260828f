import { expect, test, vi } from 'vitest';
import { ProblemError } from '../problem.ts';
import { useVersioned } from './use-versioned.ts';

interface Thing {
  name: string;
  city: string;
}
const stale = () =>
  new ProblemError({
    type: 'about:blank',
    title: '',
    detail: '',
    status: 412,
    code: 'precondition_failed',
    request_id: '1',
  });

/** A server with one thing, which others change behind one's back. */
function server(first: Thing) {
  let stored = first;
  let version = 1;
  const tagged = () => ({ data: stored, tag: String(version) });
  const write = (changes: Partial<Thing>) => {
    stored = { ...stored, ...changes };
    version += 1;
  };
  const send = vi.fn(async (changes: Partial<Thing>, tag: string | undefined) => {
    if (tag !== String(version)) throw stale();
    write(changes);
    return tagged();
  });
  return { fetch: async () => tagged(), send, write, now: () => stored };
}

async function editing(first: Thing) {
  const there = server(first);
  const form = useVersioned<Thing>({ empty: { name: '', city: '' }, fetch: there.fetch, send: there.send });
  await form.load();
  return { there, form };
}

test('only what was changed is sent', async () => {
  const { there, form } = await editing({ name: 'A', city: 'Paris' });
  form.values.value.city = 'Lyon';
  expect(await form.save()).toBe(true);
  expect(there.send).toHaveBeenCalledExactlyOnceWith({ city: 'Lyon' }, '1');
  expect(form.isChanged.value).toBe(false);
});

test('what is typed while the change is on its way is kept, and is the next change', async () => {
  const { there, form } = await editing({ name: 'A', city: 'Paris' });
  form.values.value.city = 'Lyon';
  const saving = form.save();
  form.values.value.city = 'Lille';
  await saving;
  expect(there.now().city).toBe('Lyon');
  expect(form.values.value.city).toBe('Lille');
  expect(form.changes.value).toEqual({ city: 'Lille' });
});

test('another field changed by somebody else is taken over without a question', async () => {
  const { there, form } = await editing({ name: 'A', city: 'Paris' });
  there.write({ name: 'B' });
  form.values.value.city = 'Lyon';
  expect(await form.save()).toBe(true);
  expect(there.now()).toEqual({ name: 'B', city: 'Lyon' });
  expect(form.values.value).toEqual({ name: 'B', city: 'Lyon' });
});

test('the same field changed by both is a question, and nothing is written before it is answered', async () => {
  const { there, form } = await editing({ name: 'A', city: 'Paris' });
  there.write({ city: 'Nice', name: 'B' });
  form.values.value = { name: 'C', city: 'Lyon' };
  expect(await form.save()).toBe(false);
  expect(there.now()).toEqual({ name: 'B', city: 'Nice' });
  expect(form.differences.value).toEqual([
    { field: 'name', mine: 'C', theirs: 'B' },
    { field: 'city', mine: 'Lyon', theirs: 'Nice' },
  ]);
  form.settle({ name: 'theirs', city: 'mine' });
  expect(await form.save()).toBe(true);
  expect(there.now()).toEqual({ name: 'B', city: 'Lyon' });
});

test('the same change by both is no question', async () => {
  const { there, form } = await editing({ name: 'A', city: 'Paris' });
  there.write({ city: 'Lyon' });
  form.values.value.city = 'Lyon';
  expect(await form.save()).toBe(true);
  expect(form.differences.value).toEqual([]);
});
