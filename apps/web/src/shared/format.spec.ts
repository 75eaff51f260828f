import { mount } from '@vue/test-utils';
import type { Language } from '@preau/contracts/vocabulary';
import { expect, test } from 'vitest';
import { defineComponent, h } from 'vue';
import { provideTimes, useFormat, type Format } from './format.ts';
import { createPreauI18n } from './i18n.ts';

function formatIn(language: Language, zone?: string): Format {
  let format: Format | undefined;
  const Host = defineComponent({
    setup() {
      format = useFormat(zone ? () => zone : undefined);
      return () => h('p');
    },
  });
  mount(Host, { global: { plugins: [createPreauI18n(language, {})] } });
  return format!;
}
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

test('a moment is told in the school’s zone, whatever the machine’s', () => {
  const moment = '2026-11-20T23:30:00Z';
  expect(plain(formatIn('fr').dateTime(moment))).toBe('21 nov. 2026, 00:30');
  expect(plain(formatIn('fr', 'America/Cayenne').date(moment))).toBe('20 nov. 2026');
});

test('a bare date stays that day west of Greenwich', () => {
  expect(plain(formatIn('en', 'America/Cayenne').date('2026-09-01'))).toBe('1 Sept 2026');
});

test('sizes are in the units of the reader', () => {
  expect(plain(formatIn('fr').bytes(0))).toBe('0 o');
  expect(plain(formatIn('fr').bytes(1_500_000_000))).toBe('1,5 Go');
  expect(plain(formatIn('en').bytes(49_200))).toBe('49.2 KB');
});

test('what has passed is told in the largest unit that it has filled, and a duration in two', () => {
  const before = (seconds: number) =>
    plain(formatIn('en').ago(new Date(Date.now() - seconds * 1_000).toISOString()));
  expect(before(0)).toBe('now');
  expect(before(59)).toBe('59 seconds ago');
  expect(before(3_700)).toBe('1 hour ago');
  expect(before(26 * 3_600)).toBe('yesterday');
  expect(before(-3 * 86_400)).toBe('in 3 days');
  const took = (milliseconds: number) => plain(formatIn('fr').duration(milliseconds));
  expect([35, 1_500, 90_000, 3_660_000].map(took)).toEqual(['35 ms', '1,5 s', '1 min 30 s', '1 h 1 min']);
});

test('French numbers are written in pairs, others as they are', () => {
  expect(plain(formatIn('fr').phone('0123456789'))).toBe('01 23 45 67 89');
  expect(formatIn('fr').phone('+33123456789')).toBe('+33123456789');
});

test('a school’s own patterns win over the reader’s language', () => {
  let format: Format | undefined;
  const Part = defineComponent({
    setup() {
      format = useFormat();
      return () => h('p');
    },
  });
  const School = defineComponent({
    setup() {
      provideTimes(() => ({ timezone: 'Indian/Reunion', date_format: '%Y-%m-%d', time_format: '%Hh%M' }));
      return () => h(Part);
    },
  });
  mount(School, { global: { plugins: [createPreauI18n('en', {})] } });
  expect(format?.dateTime('2026-11-20T23:30:00Z')).toBe('2026-11-21 03h30');
  expect(format?.date('2026-09-01')).toBe('2026-09-01');
  expect(format?.clock('08:05')).toBe('08h05');
});
