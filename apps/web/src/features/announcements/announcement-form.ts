import type { Announcement, AnnouncementCreate, Attachment } from '@preau/contracts/announcements';
import type { SchoolRole } from '@preau/contracts/vocabulary';

/** What the form holds: times as the browser's own field writes them, empty for none. */
export interface AnnouncementValues {
  title: string;
  body: string;
  pinned: boolean;
  public: boolean;
  roles: SchoolRole[];
  groups: string[];
  publish_at: string;
  expires_at: string;
  attachments: Pick<Attachment, 'id' | 'name'>[];
}

export const blankValues = (): AnnouncementValues => ({
  title: '',
  body: '',
  pinned: false,
  public: false,
  roles: [],
  groups: [],
  publish_at: '',
  expires_at: '',
  attachments: [],
});

const two = (number: number): string => String(number).padStart(2, '0');

/** An instant as `datetime-local` has it, on the clock of this device; empty for none. */
export function toField(iso: string | null): string {
  if (iso === null) return '';
  const at = new Date(iso);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
const toInstant = (field: string): string | null => (field === '' ? null : new Date(field).toISOString());

export const valuesOf = (known: Announcement): AnnouncementValues => ({
  title: known.title,
  body: known.body,
  pinned: known.pinned,
  public: known.public,
  roles: known.audience.roles as SchoolRole[],
  groups: known.audience.groups,
  publish_at: known.published_at === null ? toField(known.publish_at) : '',
  expires_at: toField(known.expires_at),
  attachments: known.attachments.map(({ id, name }) => ({ id, name })),
});

/** What to send. A time that stayed as it was is left out: an end that has passed may stay. */
export function bodyOf(values: AnnouncementValues, known: Announcement | undefined): AnnouncementCreate {
  const before = known ? valuesOf(known) : blankValues();
  const changed = (name: 'publish_at' | 'expires_at') =>
    values[name] === before[name] ? {} : { [name]: toInstant(values[name]) };
  return {
    title: values.title.trim(),
    body: values.body,
    pinned: values.pinned,
    ...(values.public === before.public ? {} : { public: values.public }),
    audience: { roles: values.roles, groups: values.groups },
    ...changed('publish_at'),
    ...changed('expires_at'),
    attachments: values.attachments.map(({ id }) => id),
  };
}
