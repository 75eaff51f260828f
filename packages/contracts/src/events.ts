import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DateOnly, DateTime, Id, Nullable, Page, PageQuery, Uuid } from './fields.ts';
import { EVENT_VISIBILITIES, SCHOOL_ROLES } from './vocabulary.ts';

const strict = { additionalProperties: false } as const;

/** Days that one occurrence may take, and that one range of a question may span. */
export const MOST_EVENT_DAYS = 100;
export const MOST_RANGE_DAYS = 400;
/** Of one event: each is a row, here and in the agendas that it is shared with. */
export const MOST_OCCURRENCES = 1_000;
export const MOST_SERIES_YEARS = 5;
export const MOST_TAGS = 8;

const Visibility = Type.Enum([...EVENT_VISIBILITIES], {
  description: 'Who sees it: the school, the schools of its networks, or anybody',
});
export const Tag = Type.String({ minLength: 1, maxLength: 40, format: 'tag' });
const Tags = Type.Array(Tag, { maxItems: MOST_TAGS, uniqueItems: true });
const Audience = Type.Object(
  {
    roles: Type.Array(Type.Enum([...SCHOOL_ROLES]), { maxItems: 5, uniqueItems: true }),
    groups: Type.Optional(Type.Array(Uuid, { maxItems: 50, uniqueItems: true })),
  },
  { ...strict, description: 'Who of the school sees it; without roles and groups everybody' },
);
const Moment = Type.String({
  format: 'moment',
  maxLength: 40,
  description:
    'A time with offset, a time of the school’s clock (2026-11-23T09:00), or a day of an all-day event (2026-11-23)',
});
const Recurrence = Nullable(
  Type.String({
    minLength: 5,
    maxLength: 200,
    description:
      'RRULE of RFC 5545 without its name: FREQ, INTERVAL, BYDAY, BYMONTHDAY, WKST and one of COUNT and UNTIL, which is the last day',
  }),
);

const when = {
  all_day: Type.Boolean(),
  starts_at: DateTime,
  ends_at: Type.String({
    format: 'date-time',
    description: 'Of an all-day event: midnight after its last day',
  }),
  starts_on: DateOnly,
  ends_on: Type.String({ format: 'date', description: 'The last day' }),
};

export const Event = Type.Object({
  id: Uuid,
  title: Type.String(),
  description: Type.String({ description: 'Plain text; line breaks are kept' }),
  place: Type.String(),
  ...when,
  time_zone: Type.String({
    description: 'The zone whose clock it follows: the school’s when it was written',
  }),
  recurrence: Nullable(Type.String()),
  visibility: Visibility,
  audience: Type.Object({ roles: Type.Array(Type.String()), groups: Type.Array(Uuid) }),
  tags: Type.Array(Type.String()),
  cancelled_days: Type.Array(DateOnly, { description: 'Days of the series that were taken out' }),
  changed_days: Type.Array(DateOnly, { description: 'Days of the series that are not like the others' }),
  author: Type.Object({ id: Nullable(Uuid), name: Type.String() }),
  may_edit: Type.Boolean({ description: 'Whether the reader may change or delete it' }),
  created_at: DateTime,
  updated_at: DateTime,
});
export type Event = Static<typeof Event>;

export const Occurrence = Type.Object({
  event_id: Uuid,
  day: Type.String({
    format: 'date',
    description: 'The day that the series gives it: its name in the series',
  }),
  title: Type.String(),
  description: Type.String(),
  place: Type.String(),
  ...when,
  recurring: Type.Boolean(),
  changed: Type.Boolean({ description: 'Not like the others of its series' }),
  visibility: Visibility,
  tags: Type.Array(Type.String()),
  may_edit: Type.Boolean(),
});
export type Occurrence = Static<typeof Occurrence>;

const Title = Type.String({ minLength: 1, maxLength: 200, format: 'not-blank' });
const Description = Type.String({ maxLength: 10_000 });
const Place = Type.String({ maxLength: 200 });

const optional = {
  description: Type.Optional(Description),
  place: Type.Optional(Place),
  recurrence: Type.Optional(Recurrence),
  visibility: Type.Optional(Visibility),
  audience: Type.Optional(Audience),
  tags: Type.Optional(Tags),
};
export const EventCreate = Type.Object(
  { title: Title, starts_at: Moment, ends_at: Moment, ...optional },
  strict,
);
export type EventCreate = Static<typeof EventCreate>;
export const EventPatch = Type.Partial(EventCreate, { ...strict, minProperties: 1 });
export type EventPatch = Static<typeof EventPatch>;

export const OccurrenceChange = Type.Partial(
  Type.Object({ title: Title, description: Description, place: Place, starts_at: Moment, ends_at: Moment }),
  { ...strict, minProperties: 1 },
);
export type OccurrenceChange = Static<typeof OccurrenceChange>;

const OccurrencePath = Type.Object({ id: Uuid, day: DateOnly }, strict);

const RangeQuery = {
  from: Type.Optional(
    Type.String({
      format: 'moment',
      maxLength: 40,
      description: 'Without it: today, of the school’s calendar',
    }),
  ),
  to: Type.Optional(
    Type.String({
      format: 'moment',
      maxLength: 40,
      description: 'Before it; without it: 31 days after `from`',
    }),
  ),
};
export const EventQuery = Type.Object(
  {
    ...PageQuery,
    page_size: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 20 })),
    ...RangeQuery,
    search: Type.Optional(Type.String({ maxLength: 200 })),
    tag: Type.Optional(Tag),
  },
  strict,
);
export type EventQuery = Static<typeof EventQuery>;

const tenant = { zone: 'tenant', tag: 'agenda', module: 'agenda' } as const;
const refusals = [
  'recurrence_refused',
  'event_too_long',
  'event_ends_before',
  'audience_of_shared',
  'unknown_group',
] as const;

export const listEvents = defineRoute({
  ...tenant,
  name: 'listEvents',
  method: 'GET',
  path: '/events/',
  permission: 'events:read',
  summary: 'What happens between two moments, each time of a series by itself, in order',
  query: EventQuery,
  success: { status: 200, schema: Page(Occurrence) },
  errors: ['range_too_long'],
});
export const createEvent = defineRoute({
  ...tenant,
  name: 'createEvent',
  method: 'POST',
  path: '/events/',
  permission: 'events:write',
  summary: 'Enter an event, or a series of them',
  body: EventCreate,
  success: { status: 201, schema: Event },
  errors: refusals,
});
export const getEvent = defineRoute({
  ...tenant,
  name: 'getEvent',
  method: 'GET',
  path: '/events/:id/',
  permission: 'events:read',
  etag: true,
  summary: 'One event, or one series',
  params: Id,
  success: { status: 200, schema: Event },
});
export const updateEvent = defineRoute({
  ...tenant,
  name: 'updateEvent',
  method: 'PATCH',
  path: '/events/:id/',
  permission: 'events:write',
  etag: true,
  summary: 'Change an event or a whole series: one’s own, or any as an administrator',
  params: Id,
  body: EventPatch,
  success: { status: 200, schema: Event },
  errors: refusals,
});
export const deleteEvent = defineRoute({
  ...tenant,
  name: 'deleteEvent',
  method: 'DELETE',
  path: '/events/:id/',
  permission: 'events:write',
  etag: true,
  summary: 'Delete an event or a whole series',
  params: Id,
  success: { status: 204 },
});
export const getEventCalendar = defineRoute({
  ...tenant,
  name: 'getEventCalendar',
  method: 'GET',
  path: '/events/:id/calendar.ics/',
  permission: 'events:read',
  summary: 'An event or a series as an iCalendar file',
  params: Id,
  success: { status: 200, schema: Type.String(), file: 'text/calendar' },
});
export const getOccurrence = defineRoute({
  ...tenant,
  name: 'getOccurrence',
  method: 'GET',
  path: '/events/:id/occurrences/:day/',
  permission: 'events:read',
  summary: 'One occurrence',
  params: OccurrencePath,
  success: { status: 200, schema: Occurrence },
});
export const changeOccurrence = defineRoute({
  ...tenant,
  name: 'changeOccurrence',
  method: 'PATCH',
  path: '/events/:id/occurrences/:day/',
  permission: 'events:write',
  summary: 'Change one occurrence of a series, and leave the others as they are',
  params: OccurrencePath,
  body: OccurrenceChange,
  success: { status: 200, schema: Occurrence },
  errors: ['event_too_long', 'event_ends_before'],
});
export const cancelOccurrence = defineRoute({
  ...tenant,
  name: 'cancelOccurrence',
  method: 'DELETE',
  path: '/events/:id/occurrences/:day/',
  permission: 'events:write',
  summary: 'Take one occurrence out of its series',
  params: OccurrencePath,
  success: { status: 204 },
});
export const resetOccurrence = defineRoute({
  ...tenant,
  name: 'resetOccurrence',
  method: 'POST',
  path: '/events/:id/occurrences/:day/reset/',
  permission: 'events:write',
  summary: 'Make an occurrence that was changed or taken out like the others again',
  params: OccurrencePath,
  success: { status: 200, schema: Occurrence },
});

/** Address of a calendar to subscribe to. */
export const CalendarFeed = Type.Object({
  active: Type.Boolean(),
  created_at: Nullable(DateTime),
  last_used_at: Nullable(DateTime),
});
export type CalendarFeed = Static<typeof CalendarFeed>;

export const getCalendarFeed = defineRoute({
  ...tenant,
  name: 'getCalendarFeed',
  method: 'GET',
  path: '/events/feed/',
  permission: 'events:read',
  summary: 'Whether the reader has an address to subscribe to',
  success: { status: 200, schema: CalendarFeed },
});
export const createCalendarFeed = defineRoute({
  ...tenant,
  name: 'createCalendarFeed',
  method: 'POST',
  path: '/events/feed/',
  permission: 'events:read',
  summary: 'A new address to subscribe to; one that the reader had before ends',
  success: {
    status: 201,
    schema: Type.Object({
      url: Type.String({ description: 'Shown once; only its hash is kept' }),
      created_at: DateTime,
    }),
  },
});
export const deleteCalendarFeed = defineRoute({
  ...tenant,
  name: 'deleteCalendarFeed',
  method: 'DELETE',
  path: '/events/feed/',
  permission: 'events:read',
  summary: 'End the reader’s address to subscribe to',
  success: { status: 204 },
});
export const readCalendarFeed = defineRoute({
  ...tenant,
  name: 'readCalendarFeed',
  method: 'GET',
  path: '/events/feeds/:token/',
  permission: 'anyone',
  inBackground: true,
  rateLimit: 60,
  summary: 'The calendar of the member whose address it is, for a calendar application',
  params: Type.Object({ token: Type.String({ maxLength: 80 }) }, strict),
  success: { status: 200, schema: Type.String(), file: 'text/calendar' },
});
