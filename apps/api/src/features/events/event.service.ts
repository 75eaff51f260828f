import {
  MOST_RANGE_DAYS,
  type EventCreate,
  type EventPatch,
  type EventQuery,
  type OccurrenceChange,
} from '@preau/contracts/events';
import type { Tenancy, TenantScope, TenantTrx } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../platform/app-error.ts';
import { auditTenant, type Actor, type Origin } from '../audit/index.ts';
import type { TenantSnapshot } from '../current-tenant/index.ts';
import { timesAfter, toColumns } from './event-input.ts';
import { momentOf, startOfToday } from './event-times.ts';
import { EventExceptionRow, SchoolEvent } from './event.model.ts';
import {
  findEvent,
  findOccurrence,
  listOccurrences,
  sharedEvents,
  type OccurrenceRow,
} from './event.read-model.ts';
import {
  lockEvent,
  seriesOf,
  shareEvent,
  withdrawEvent,
  writeOccurrences,
  type EventDetail,
} from './event.repository.ts';
import { occurrencesOf, timesOn } from './occurrences.ts';
import type { EventNews } from './event-news.ts';
import { mayEdit, readerOf } from './reader.ts';
import { daysOf } from './recurrence.ts';

export type EventService = ReturnType<typeof createEventService>;

const DAY_MS = 86_400_000;
const DEFAULT_RANGE_DAYS = 31;
const HIDDEN = new Set(['id', 'version', 'created_at', 'updated_at']);
/** What the trail says of an event. */
const shown = (event: SchoolEvent) =>
  Object.fromEntries(Object.entries(event).filter(([name]) => !HIDDEN.has(name)));

export interface EventOptions {
  tenancy: Tenancy;
  /** Ids of the groups that a member is in. */
  groupsOf: (trx: TenantTrx, userId: string) => Promise<readonly string[]>;
  /** Whether all of these are groups of the school. */
  areGroups: (trx: TenantTrx, ids: readonly string[]) => Promise<boolean>;
  /** Told of each change, in its transaction. */
  news?: EventNews;
}

/** The agenda of a school. */
export function createEventService({ tenancy, groupsOf, areGroups, news }: EventOptions) {
  const reader = (trx: TenantTrx, actor: Actor) => readerOf(actor, (userId) => groupsOf(trx, userId));

  async function editable(
    trx: TenantTrx,
    { actor }: Origin,
    id: string,
    expected?: number,
  ): Promise<EventDetail> {
    const detail = await lockEvent(trx, id);
    if (!mayEdit(actor, detail.event)) {
      // Who may not even see it learns nothing of it.
      if (!(await findEvent(trx, await reader(trx, actor), id))) throw new AppError('not_found');
      throw new AppError('permission_denied', { details: { permission: 'events:write' } });
    }
    if (expected !== undefined && detail.event.version !== expected)
      throw new AppError('precondition_failed');
    return detail;
  }

  async function write(
    trx: TenantTrx,
    before: EventDetail,
    changes: Partial<SchoolEvent>,
  ): Promise<EventDetail> {
    const [event] = await SchoolEvent.query(trx)
      .patch({ ...changes, updated_at: new Date(), version: before.event.version + 1 })
      .where({ id: before.event.id })
      .returning('*');
    if (!event) throw new AppError('not_found');
    return { event, exceptions: before.exceptions };
  }

  async function one(trx: TenantTrx, actor: Actor, id: string, day: string): Promise<OccurrenceRow> {
    const row = await findOccurrence(trx, await reader(trx, actor), id, day);
    if (!row) throw new AppError('not_found');
    return row;
  }

  const assertGroups = async (trx: TenantTrx, ids: readonly string[]): Promise<void> => {
    if (ids.length > 0 && !(await areGroups(trx, ids))) throw new AppError('unknown_group');
  };

  /** Changes what one day of a series has of its own. */
  async function except(
    tenant: TenantSnapshot,
    origin: Origin,
    id: string,
    day: string,
    action: string,
    change: (trx: TenantTrx, detail: EventDetail, own: EventExceptionRow | undefined) => Promise<void>,
  ): Promise<OccurrenceRow | undefined> {
    return tenancy.write(tenant, async (scope) => {
      const { trx } = scope;
      const detail = await editable(trx, origin, id);
      if (!daysOf(detail.event.recurrence, { start: detail.event.local_start }).includes(day))
        throw new AppError('not_found');
      const own = detail.exceptions.find((exception) => exception.day === day);
      await change(trx, detail, own);
      const exceptions = await EventExceptionRow.query(trx).where({ event_id: id }).orderBy('day');
      const after = await write(trx, { event: detail.event, exceptions }, {});
      await writeOccurrences(trx, after);
      const now = exceptions.find((exception) => exception.day === day);
      await auditTenant(trx, origin, {
        action,
        target: { type: 'event', id },
        before: { day, ...own?.toJSON() },
        after: { day, ...now?.toJSON() },
      });
      await news?.changed(scope, after.event);
      return findOccurrence(trx, await reader(trx, origin.actor), id, day);
    });
  }

  /** Writes a new one, by the clock of this zone. */
  async function enter(
    scope: TenantScope,
    origin: Origin,
    input: EventCreate,
    timeZone: string,
  ): Promise<EventDetail> {
    const { trx } = scope;
    const { actor } = origin;
    const columns = toColumns(input, null, timeZone);
    await assertGroups(trx, columns.audience_groups);
    const event = await SchoolEvent.query(trx)
      .insert({
        ...columns,
        id: uuidv7(),
        author_id: actor.id,
        author_name: actor.type === 'user' ? actor.fullName : actor.label,
      })
      .returning('*');
    const detail = { event, exceptions: [] };
    await writeOccurrences(trx, detail);
    await auditTenant(trx, origin, {
      action: 'event.create',
      target: { type: 'event', id: event.id },
      after: shown(event),
    });
    await news?.changed(scope, event);
    return detail;
  }

  return {
    /** In a transaction that is there already. */
    enter,

    async list(
      tenant: TenantSnapshot,
      actor: Actor,
      { from: first, to: end, page = 1, page_size: size = 20, search, tag }: EventQuery,
    ): Promise<{ count: number; rows: OccurrenceRow[] }> {
      const zone = tenant.settings.timezone;
      const from = first === undefined ? startOfToday(zone) : momentOf(first, zone);
      const to =
        end === undefined ? new Date(from.getTime() + DEFAULT_RANGE_DAYS * DAY_MS) : momentOf(end, zone);
      const span = to.getTime() - from.getTime();
      // An hour more or less: a period may hold a change of the clock.
      if (span <= 0 || span > (MOST_RANGE_DAYS + 1) * DAY_MS)
        throw new AppError('range_too_long', { details: { limit: MOST_RANGE_DAYS } });
      return tenancy.read(tenant, async ({ trx }) =>
        listOccurrences(trx, await reader(trx, actor), {
          from,
          to,
          page,
          size,
          search,
          tag: tag?.toLowerCase(),
        }),
      );
    },

    get: (tenant: TenantSnapshot, actor: Actor, id: string): Promise<EventDetail> =>
      tenancy.read(tenant, async ({ trx }) => {
        const detail = await findEvent(trx, await reader(trx, actor), id);
        if (!detail) throw new AppError('not_found');
        return detail;
      }),

    getOccurrence: (tenant: TenantSnapshot, actor: Actor, id: string, day: string) =>
      tenancy.read(tenant, ({ trx }) => one(trx, actor, id, day)),

    create: (tenant: TenantSnapshot, origin: Origin, input: EventCreate): Promise<EventDetail> =>
      tenancy.write(tenant, (scope) => enter(scope, origin, input, tenant.settings.timezone)),

    update: (
      tenant: TenantSnapshot,
      origin: Origin,
      id: string,
      input: EventPatch,
      expected?: number,
    ): Promise<EventDetail> =>
      tenancy.write(tenant, async (scope) => {
        const { trx } = scope;
        const before = await editable(trx, origin, id, expected);
        const columns = toColumns(input, before.event, tenant.settings.timezone);
        if (input.audience) await assertGroups(trx, columns.audience_groups);
        const days = new Set(daysOf(columns.recurrence, { start: columns.local_start }));
        const [kept, lost] = [
          before.exceptions.filter(({ day }) => days.has(day)),
          before.exceptions.filter(({ day }) => !days.has(day)),
        ];
        if (lost.length > 0)
          await EventExceptionRow.query(trx)
            .delete()
            .where({ event_id: id })
            .whereIn(
              'day',
              lost.map(({ day }) => day),
            );
        const after = await write(trx, { event: before.event, exceptions: kept }, columns);
        await writeOccurrences(trx, after);
        await auditTenant(trx, origin, {
          action: 'event.update',
          target: { type: 'event', id },
          before: { ...shown(before.event), ...(lost.length > 0 ? { exceptions: lost } : {}) },
          after: shown(after.event),
        });
        await news?.changed(scope, before.event, after.event);
        return after;
      }),

    remove: (tenant: TenantSnapshot, origin: Origin, id: string, expected?: number): Promise<void> =>
      tenancy.write(tenant, async (scope) => {
        const { trx } = scope;
        const { event, exceptions } = await editable(trx, origin, id, expected);
        await withdrawEvent(trx, id);
        await SchoolEvent.query(trx).deleteById(id);
        await auditTenant(trx, origin, {
          action: 'event.delete',
          target: { type: 'event', id },
          before: { ...shown(event), ...(exceptions.length > 0 ? { exceptions } : {}) },
        });
        await news?.changed(scope, event);
      }),

    async change(
      tenant: TenantSnapshot,
      origin: Origin,
      id: string,
      day: string,
      input: OccurrenceChange,
    ): Promise<OccurrenceRow> {
      const row = await except(
        tenant,
        origin,
        id,
        day,
        'event.change_occurrence',
        async (trx, { event }, own) => {
          if (own?.cancelled) throw new AppError('not_found');
          const usual = timesOn(seriesOf(event), day);
          const current =
            own?.local_start && own.local_end
              ? { ...usual, allDay: own.all_day ?? usual.allDay, start: own.local_start, end: own.local_end }
              : usual;
          const times = timesAfter(current, input);
          const moved = input.starts_at !== undefined || input.ends_at !== undefined;
          await trx.raw(
            `INSERT INTO event_exceptions (event_id, day, title, description, place, all_day, local_start, local_end)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (event_id, day) DO UPDATE SET title = excluded.title, description = excluded.description,
             place = excluded.place, all_day = excluded.all_day, local_start = excluded.local_start, local_end = excluded.local_end`,
            [
              id,
              day,
              input.title?.trim() ?? own?.title ?? null,
              input.description ?? own?.description ?? null,
              input.place?.trim() ?? own?.place ?? null,
              moved ? times.allDay : (own?.all_day ?? null),
              moved ? times.start : (own?.local_start ?? null),
              moved ? times.end : (own?.local_end ?? null),
            ] as never,
          );
        },
      );
      if (!row) throw new AppError('not_found');
      return row;
    },

    async cancel(tenant: TenantSnapshot, origin: Origin, id: string, day: string): Promise<void> {
      await except(tenant, origin, id, day, 'event.cancel_occurrence', async (trx, _, own) => {
        if (own?.cancelled) throw new AppError('not_found');
        await trx.raw(
          `INSERT INTO event_exceptions (event_id, day, cancelled) VALUES (?, ?, true)
           ON CONFLICT (event_id, day) DO UPDATE SET cancelled = true`,
          [id, day],
        );
      });
    },

    async reset(tenant: TenantSnapshot, origin: Origin, id: string, day: string): Promise<OccurrenceRow> {
      const row = await except(tenant, origin, id, day, 'event.reset_occurrence', async (trx) => {
        await EventExceptionRow.query(trx).delete().where({ event_id: id, day });
      });
      if (!row) throw new AppError('not_found');
      return row;
    },

    /** Writes anew what a school shares, from its own rows: after they came from an archive. @returns how many events. */
    shareAgain: (tenant: Pick<TenantSnapshot, 'id' | 'schemaName'>): Promise<number> =>
      tenancy.write(tenant, async ({ trx }) => {
        await withdrawEvent(trx, null);
        const events = await sharedEvents(trx);
        for (const event of events) {
          const exceptions = await EventExceptionRow.query(trx).where({ event_id: event.id });
          await shareEvent(trx, event, occurrencesOf(seriesOf(event), exceptions));
        }
        return events.length;
      }),
  };
}
