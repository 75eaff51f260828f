import * as contracts from '@preau/contracts/events';
import { pageLinks } from '../../platform/pagination.ts';
import { expectedVersion, showVersion, withVersion } from '../../platform/versions.ts';
import type { Services } from '../../services.ts';
import { bind, schoolOf, type BoundRoute } from '../define-feature.ts';
import { urlOf } from '../tenants/index.ts';
import { calendarFile } from './calendar-file.ts';
import { presentEvent, presentOccurrence } from './event.presenter.ts';

export const eventRoutes = ({ events, base }: Services): BoundRoute[] => [
  bind(contracts.listEvents, async (call) => {
    const { count, rows } = await events.list(schoolOf(call), call.actor, call.query);
    return {
      count,
      ...pageLinks(call.reply, call.query, count),
      results: rows.map((row) => presentOccurrence(row, call.actor)),
    };
  }),
  bind(contracts.createEvent, async (call) => {
    const detail = await events.create(schoolOf(call), call.origin, call.body);
    call.reply.header('location', `/api/v1/events/${detail.event.id}/`);
    return showVersion(call.reply, detail.event.version, presentEvent(detail, call.actor));
  }),
  bind(contracts.getEvent, async (call) => {
    const detail = await events.get(schoolOf(call), call.actor, call.params.id);
    return withVersion(call, detail.event.version, presentEvent(detail, call.actor));
  }),
  bind(contracts.updateEvent, async (call) => {
    const { params, body, headers, origin, reply, actor } = call;
    const detail = await events.update(schoolOf(call), origin, params.id, body, expectedVersion(headers));
    return showVersion(reply, detail.event.version, presentEvent(detail, actor));
  }),
  bind(contracts.deleteEvent, async (call) => {
    await events.remove(schoolOf(call), call.origin, call.params.id, expectedVersion(call.headers));
    return undefined;
  }),
  bind(contracts.getEventCalendar, async (call) => {
    const school = schoolOf(call);
    const detail = await events.get(school, call.actor, call.params.id);
    const home = urlOf(base, school.primaryDomain);
    void call.reply
      .type('text/calendar; charset=utf-8')
      .header('content-disposition', `attachment; filename="${detail.event.id}.ics"`)
      .header('cache-control', 'private, no-cache');
    return calendarFile([detail], {
      name: school.name,
      host: school.primaryDomain,
      urlOf: (id) => `${home}/agenda/${id}`,
    });
  }),
  bind(contracts.getOccurrence, async (call) => {
    const { id, day } = call.params;
    return presentOccurrence(await events.getOccurrence(schoolOf(call), call.actor, id, day), call.actor);
  }),
  bind(contracts.changeOccurrence, async (call) => {
    const { id, day } = call.params;
    const row = await events.change(schoolOf(call), call.origin, id, day, call.body);
    return presentOccurrence(row, call.actor);
  }),
  bind(contracts.cancelOccurrence, async (call) => {
    await events.cancel(schoolOf(call), call.origin, call.params.id, call.params.day);
    return undefined;
  }),
  bind(contracts.resetOccurrence, async (call) => {
    const row = await events.reset(schoolOf(call), call.origin, call.params.id, call.params.day);
    return presentOccurrence(row, call.actor);
  }),
];
