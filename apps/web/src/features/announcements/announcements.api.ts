import type * as contracts from '@preau/contracts/announcements';
import type { listMedia, uploadMedia } from '@preau/contracts/media';
import { call, callTagged } from '../../shared/http.ts';
import { upload } from '../../shared/upload.ts';

const one = (id: string) => ({ params: { id } });

export const listAnnouncements = (query: contracts.AnnouncementQuery) =>
  call<typeof contracts.listAnnouncements>('GET', '/announcements/', { query });

/** With its entity tag, for a change that must not overwrite another. */
export const getAnnouncement = (id: string) =>
  callTagged<typeof contracts.getAnnouncement>('GET', '/announcements/:id/', one(id));

export const createAnnouncement = (body: contracts.AnnouncementCreate) =>
  call<typeof contracts.createAnnouncement>('POST', '/announcements/', { body });

export const updateAnnouncement = (id: string, body: contracts.AnnouncementPatch, ifMatch?: string) =>
  call<typeof contracts.updateAnnouncement>('PATCH', '/announcements/:id/', {
    ...one(id),
    body,
    ifMatch,
  });

export const deleteAnnouncement = (id: string) =>
  call<typeof contracts.deleteAnnouncement>('DELETE', '/announcements/:id/', one(id));

export const readAnnouncement = (id: string) =>
  call<typeof contracts.readAnnouncement>('POST', '/announcements/:id/read/', one(id));

export const approveAnnouncement = (id: string) =>
  call<typeof contracts.approveAnnouncement>('POST', '/announcements/:id/approve/', one(id));

export const returnAnnouncement = (id: string, note: string) =>
  call<typeof contracts.returnAnnouncement>('POST', '/announcements/:id/return/', {
    ...one(id),
    body: { note },
  });

export const previewAnnouncement = (body: string) =>
  call<typeof contracts.previewAnnouncement>('POST', '/announcements/preview/', { body: { body } });

export const getSettings = () =>
  call<typeof contracts.getAnnouncementSettings>('GET', '/announcements/settings/');

export const updateSettings = (approval: boolean) =>
  call<typeof contracts.updateAnnouncementSettings>('PATCH', '/announcements/settings/', {
    body: { approval },
  });

/** The latest files of the library, to choose from. */
export const fileChoices = () => call<typeof listMedia>('GET', '/media/', { query: { page_size: 40 } });

export function attachFile(file: File) {
  const form = new FormData();
  form.set('folder', 'documents');
  form.set('file', file);
  return upload<typeof uploadMedia>('/media/', form);
}
