import type * as contracts from '@preau/contracts/announcements';
import { call, callTagged } from '../../shared/http.ts';

export const listAnnouncements = (query: { page?: number; page_size?: number; search?: string }) =>
  call<typeof contracts.listAnnouncements>('GET', '/announcements/', { query });

/** With its entity tag, for a change that must not overwrite another. */
export const getAnnouncement = (id: string) =>
  callTagged<typeof contracts.getAnnouncement>('GET', '/announcements/:id/', { params: { id } });

export const createAnnouncement = (body: contracts.AnnouncementCreate) =>
  call<typeof contracts.createAnnouncement>('POST', '/announcements/', { body });

export const updateAnnouncement = (id: string, body: contracts.AnnouncementPatch, ifMatch?: string) =>
  call<typeof contracts.updateAnnouncement>('PATCH', '/announcements/:id/', {
    params: { id },
    body,
    ...(ifMatch === undefined ? {} : { ifMatch }),
  });

export const deleteAnnouncement = (id: string) =>
  call<typeof contracts.deleteAnnouncement>('DELETE', '/announcements/:id/', { params: { id } });
