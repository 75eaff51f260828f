import type * as contracts from '@preau/contracts/media';
import type { MediaFolder } from '@preau/contracts/media';
import { call } from '../../shared/http.ts';
import { upload, type UploadOptions } from '../../shared/upload.ts';

export const listMedia = (query: contracts.MediaQuery) =>
  call<typeof contracts.listMedia>('GET', '/media/', { query });

export const mediaUsage = () => call<typeof contracts.mediaUsage>('GET', '/media/usage/');

export const updateMedia = (id: string, body: contracts.MediaPatch) =>
  call<typeof contracts.updateMedia>('PATCH', '/media/:id/', { params: { id }, body });

export const trashMedia = (id: string) =>
  call<typeof contracts.trashMedia>('DELETE', '/media/:id/', { params: { id } });

export const restoreMedia = (id: string) =>
  call<typeof contracts.restoreMedia>('POST', '/media/:id/restore/', { params: { id } });

export const deleteMedia = (id: string) =>
  call<typeof contracts.deleteMedia>('DELETE', '/media/:id/for_good/', { params: { id } });

export const linkMedia = (id: string, expires_in: number) =>
  call<typeof contracts.linkMedia>('POST', '/media/:id/links/', { params: { id }, body: { expires_in } });

/** One file a request, so that each has its own progress. Fields come before the file that they are for. */
export function uploadMedia(file: File, folder: MediaFolder, options: UploadOptions) {
  const form = new FormData();
  form.set('folder', folder);
  form.set('file', file);
  return upload<typeof contracts.uploadMedia>('/media/', form, options);
}
