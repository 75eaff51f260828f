import type * as contracts from '@preau/contracts/events';
import type * as networks from '@preau/contracts/networks';
import { call, callTagged } from '../../shared/http.ts';

export const listEvents = (query: contracts.EventQuery) =>
  call<typeof contracts.listEvents>('GET', '/events/', { query });

/** Several hundred occurrences at most: a month of a school. */
export const listPeriod = async (query: { from: string; to: string; search?: string }) =>
  (await listEvents({ ...query, page_size: 500 })).results;

export const listNetworkPeriod = async (query: { from: string; to: string }) =>
  (
    await call<typeof networks.listNetworkAgenda>('GET', '/network/agenda/', {
      query: { ...query, page_size: 100 },
    })
  ).results;

export const getEvent = (id: string) =>
  callTagged<typeof contracts.getEvent>('GET', '/events/:id/', { params: { id } });

export const getOccurrence = (id: string, day: string) =>
  call<typeof contracts.getOccurrence>('GET', '/events/:id/occurrences/:day/', { params: { id, day } });

export const createEvent = (body: contracts.EventCreate) =>
  call<typeof contracts.createEvent>('POST', '/events/', { body });

export const updateEvent = (id: string, body: contracts.EventPatch, ifMatch?: string) =>
  call<typeof contracts.updateEvent>('PATCH', '/events/:id/', {
    params: { id },
    body,
    ifMatch,
  });

export const deleteEvent = (id: string) =>
  call<typeof contracts.deleteEvent>('DELETE', '/events/:id/', { params: { id } });

export const changeOccurrence = (id: string, day: string, body: contracts.OccurrenceChange) =>
  call<typeof contracts.changeOccurrence>('PATCH', '/events/:id/occurrences/:day/', {
    params: { id, day },
    body,
  });

export const cancelOccurrence = (id: string, day: string) =>
  call<typeof contracts.cancelOccurrence>('DELETE', '/events/:id/occurrences/:day/', { params: { id, day } });

export const resetOccurrence = (id: string, day: string) =>
  call<typeof contracts.resetOccurrence>('POST', '/events/:id/occurrences/:day/reset/', {
    params: { id, day },
  });

export const getFeed = () => call<typeof contracts.getCalendarFeed>('GET', '/events/feed/');
export const createFeed = () => call<typeof contracts.createCalendarFeed>('POST', '/events/feed/');
export const deleteFeed = () => call<typeof contracts.deleteCalendarFeed>('DELETE', '/events/feed/');
