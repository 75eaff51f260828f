import type * as branding from '@preau/contracts/branding';
import type * as contracts from '@preau/contracts/current-tenant';
import type * as marks from '@preau/contracts/school-marks';
import { call, callTagged } from '../../shared/http.ts';
import { upload, type UploadOptions } from '../../shared/upload.ts';

export const getTheme = () => call<typeof contracts.getTheme>('GET', '/current-tenant/theme/');

export const getInfo = () => call<typeof contracts.getInfo>('GET', '/current-tenant/info/');

/** With its entity tag: what somebody else changed since is not to be overwritten unseen. */
export const getDraft = () =>
  callTagged<typeof branding.getThemeDraft>('GET', '/current-tenant/theme/draft/');

export const saveDraft = (body: branding.ThemeDraftInput, ifMatch?: string) =>
  callTagged<typeof branding.saveThemeDraft>('PUT', '/current-tenant/theme/draft/', {
    body,
    ifMatch,
  });

export const discardDraft = (ifMatch?: string) =>
  callTagged<typeof branding.discardThemeDraft>('DELETE', '/current-tenant/theme/draft/', {
    ifMatch: ifMatch,
  });

export const publishTheme = (ifMatch?: string) =>
  call<typeof branding.publishTheme>('POST', '/current-tenant/theme/publish/', { ifMatch });

export const listVersions = (query: { page?: number; page_size?: number }) =>
  call<typeof branding.listThemeVersions>('GET', '/current-tenant/theme/history/', { query });

export const rollBack = (version: number) =>
  call<typeof branding.rollBackTheme>('POST', '/current-tenant/theme/rollback/', { body: { version } });

/** Sends a picture, to be put into the draft. */
export function sendPicture(file: File, options: UploadOptions) {
  const form = new FormData();
  form.set('file', file);
  return upload<typeof branding.uploadThemePicture>('/current-tenant/theme/pictures/', form, options);
}

export const proposeColours = (picture: string) =>
  call<typeof marks.proposeColours>('GET', '/current-tenant/logo/colours/', { query: { picture } });
