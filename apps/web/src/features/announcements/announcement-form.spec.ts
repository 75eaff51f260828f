import type { Announcement } from '@preau/contracts/announcements';
import { expect, test } from 'vitest';
import { blankValues, bodyOf, toField, valuesOf } from './announcement-form.ts';

const known = {
  title: 'Sortie',
  body: 'Lundi',
  pinned: true,
  public: false,
  audience: { roles: ['parent'], groups: [] },
  publish_at: null,
  published_at: '2026-11-20T08:00:00.000Z',
  expires_at: '2026-11-20T09:30:00.000Z',
  attachments: [{ id: 'f', name: 'plan.pdf', media_type: 'application/pdf', bytes: 1, url: '' }],
} as unknown as Announcement;

test('a time that nobody touched is not sent again: an end that has passed may stay', () => {
  const values = valuesOf(known);
  expect(bodyOf({ ...values, title: ' Sortie ' }, known)).toEqual({
    title: 'Sortie',
    body: 'Lundi',
    pinned: true,
    audience: { roles: ['parent'], groups: [] },
    attachments: ['f'],
  });
});

test('a time goes out as the instant that the device means, and an emptied one as none', () => {
  const values = { ...valuesOf(known), expires_at: '' };
  expect(bodyOf(values, known)).toMatchObject({ expires_at: null });
  const later = { ...blankValues(), publish_at: '2026-12-01T07:15' };
  const { publish_at } = bodyOf(later, undefined);
  expect(toField(publish_at ?? null)).toBe('2026-12-01T07:15');
  expect(publish_at).toBe(new Date(2026, 11, 1, 7, 15).toISOString());
});
