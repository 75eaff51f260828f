import { expect, test } from 'vitest';
import { navigationOf, routesOf, type ModuleDescriptor } from './define-module.ts';
import { MODULES_OF_THE_PORTAL } from './index.ts';

const ALL_ON = Object.fromEntries(MODULES_OF_THE_PORTAL.map(({ key }) => [key, true]));
const everything = () => true;

test('a module that is off leaves the navigation', () => {
  const on = navigationOf(MODULES_OF_THE_PORTAL, ALL_ON, everything);
  const off = navigationOf(MODULES_OF_THE_PORTAL, { ...ALL_ON, announcements: false }, everything);
  expect(on.map(({ to }) => to)).toContain('/announcements');
  expect(off.map(({ to }) => to)).not.toContain('/announcements');
});

test('a module that the school has never heard of is off', () => {
  expect(navigationOf(MODULES_OF_THE_PORTAL, {}, everything)).toEqual([]);
});

test('an entry is only shown to those who may use it', () => {
  const reader = navigationOf(
    MODULES_OF_THE_PORTAL,
    ALL_ON,
    (permission) => permission === 'announcements:read',
  );
  expect(reader.map(({ to }) => to)).toEqual(['/announcements']);
});

test('every page of a module is marked as its own and keeps what else it says', () => {
  const page = { path: '/x', component: () => Promise.resolve({}), meta: { open: true } };
  const module: ModuleDescriptor = { key: 'announcements', nav: [], routes: [page] };
  expect(routesOf(module)[0]?.meta).toEqual({ open: true, module: 'announcements' });
});
