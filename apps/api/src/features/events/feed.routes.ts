import * as contracts from '@preau/contracts/events';
import type { Services } from '../../services.ts';
import { bind, schoolOf, type BoundRoute } from '../define-feature.ts';

export const feedRoutes = ({ calendarFeeds }: Services): BoundRoute[] => [
  bind(contracts.getCalendarFeed, async (call) => {
    const feed = await calendarFeeds.find(schoolOf(call), call.actor);
    return {
      active: feed !== undefined,
      created_at: feed?.created_at.toISOString() ?? null,
      last_used_at: feed?.last_used_at?.toISOString() ?? null,
    };
  }),
  bind(contracts.createCalendarFeed, async (call) => {
    const { url, createdAt } = await calendarFeeds.create(schoolOf(call), call.origin);
    return { url, created_at: createdAt.toISOString() };
  }),
  bind(contracts.deleteCalendarFeed, async (call) => {
    await calendarFeeds.remove(schoolOf(call), call.origin);
    return undefined;
  }),
  bind(contracts.readCalendarFeed, async (call) => {
    const text = await calendarFeeds.read(schoolOf(call), call.params.token);
    void call.reply.type('text/calendar; charset=utf-8').header('cache-control', 'private, max-age=300');
    return text;
  }),
];
