export { createEventNews } from './event-news.ts';
export { createEventService, type EventService } from './event.service.ts';
export { createFeedService, type FeedService } from './feed.service.ts';
export { momentOf, startOfToday, withOffset } from './event-times.ts';
export { zoneComponent } from './calendar-zone.ts';
