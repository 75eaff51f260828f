import { roleMay } from '@preau/contracts/permissions';
import { expect, test } from 'vitest';
import { homeOf, navigationOf, routesOf, type HomeReader, type ModuleDescriptor } from './define-module.ts';
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

test('the list of students has the name of what it is to its reader', () => {
  const named = (role: HomeReader['role']) =>
    navigationOf(MODULES_OF_THE_PORTAL, ALL_ON, (permission) => roleMay(role, permission), role).find(
      ({ to }) => to === '/students',
    )?.label;
  expect(named('parent')).toBe('children.nav');
  expect(named('student')).toBe('own_record.nav');
  expect(named('teacher')).toBe('students.nav');
});

test('every page of a module is marked as its own and keeps what else it says', () => {
  const page = { path: '/x', component: () => Promise.resolve({}), meta: { open: true } };
  const module: ModuleDescriptor = { key: 'announcements', nav: [], routes: [page] };
  expect(routesOf(module)[0]?.meta).toEqual({ open: true, module: 'announcements' });
});

const cards = (role: HomeReader['role'], enabled = ALL_ON) =>
  homeOf(MODULES_OF_THE_PORTAL, enabled, { role, may: (permission) => roleMay(role, permission) }).map(
    ({ key }) => key,
  );

test('each role has its own home page', () => {
  expect(cards('parent')).toEqual(['children', 'announcements', 'agenda', 'messages', 'school']);
  expect(cards('teacher')).toEqual(['announcements', 'agenda', 'messages', 'classes', 'school']);
  expect(cards('student')).toEqual(['announcements', 'agenda', 'messages', 'school']);
  expect(cards('staff')).toEqual(['announcements', 'agenda', 'messages', 'school']);
  expect(cards('admin').slice(0, 2)).toEqual(['attention', 'limits']);
  expect(cards('admin')).toContain('changes');
});

test('a card goes with its module', () => {
  expect(cards('student', { ...ALL_ON, messaging: false })).not.toContain('messages');
});

test('cards are told apart by their keys', () => {
  const keys = MODULES_OF_THE_PORTAL.flatMap(({ home = [] }) => home.map(({ key }) => key));
  expect(new Set(keys).size).toBe(keys.length);
});
