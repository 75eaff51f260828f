import { expect, test } from 'vitest';
import type { SchoolHome } from '@preau/contracts/school-home';
import { attentionOf } from './attention.ts';

const quiet: SchoolHome = {
  storage: { used_bytes: 10, limit_bytes: 100 },
  seats: { used: 10, limit: 100 },
  waiting: { members: 0, support: 0, announcements: 0, reports: 0, invitations: 0 },
  setup: { colours: true, people: true, announcement: true },
};
const ids = (home: SchoolHome) => attentionOf(home).map(({ id }) => id);

test('a school that is set up and up to date has nothing to attend to', () => {
  expect(attentionOf(quiet)).toEqual([]);
});

test('what is about to stop working comes before people, and people before first steps', () => {
  const home = {
    ...quiet,
    storage: { used_bytes: 85, limit_bytes: 100 },
    waiting: { ...quiet.waiting, members: 2, invitations: 1 },
    setup: { ...quiet.setup, colours: false },
  };
  expect(ids(home)).toEqual(['storage', 'members', 'colours', 'invitations']);
  expect(attentionOf(home)[0]).toMatchObject({ count: 85, kind: 'limit' });
});

test('more than full is full, and no limit at all is too', () => {
  expect(attentionOf({ ...quiet, seats: { used: 12, limit: 10 } })[0]?.count).toBe(100);
  expect(ids({ ...quiet, seats: { used: 0, limit: 0 } })).toEqual(['seats']);
});

test('a module that is off asks for nothing', () => {
  const off = {
    ...quiet,
    waiting: { ...quiet.waiting, announcements: null, reports: null },
    setup: { ...quiet.setup, announcement: null },
  };
  expect(attentionOf(off)).toEqual([]);
});
