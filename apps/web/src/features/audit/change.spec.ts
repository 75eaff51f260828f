import { expect, test } from 'vitest';
import { nameOf, verbOf } from './change.ts';

test.each([
  ['event.create', 'add'],
  ['media.upload', 'add'],
  ['directory.update_profile', 'change'],
  ['group.remove_member', 'remove'],
  ['audit.verify', 'check'],
  ['tenant.purge', 'erase'],
  ['tenant.deactivate', 'close'],
  ['tenant.update_settings', 'settings'],
  ['message.report', 'report'],
  ['user.request_reset', 'ask_password'],
  ['fleet.migrate_ended', null],
  ['audit', null],
])('%s is %s', (action, verb) => {
  expect(verbOf(action)).toBe(verb);
});

test('a thing is called as it is now, as it was where it is gone, and not at all where nothing says so', () => {
  expect(nameOf({ before: { title: 'Chorale' }, after: { title: 'Chorale du soir' } })).toBe(
    'Chorale du soir',
  );
  expect(nameOf({ before: { name: '6e A' }, after: null })).toBe('6e A');
  expect(nameOf({ before: null, after: { title: '  ', name: 3 } })).toBeNull();
  expect(nameOf({ before: 'text', after: undefined })).toBeNull();
});
