import type * as branding from '@preau/contracts/branding';
import type * as contracts from '@preau/contracts/current-tenant';
import type * as marks from '@preau/contracts/school-marks';
import type { SchoolMark } from '@preau/contracts/school-marks';
import { call, callTagged } from '../../shared/http.ts';
import { upload, type UploadOptions } from '../../shared/upload.ts';

export const getTheme = () => call<typeof contracts.getTheme>('GET', '/current-tenant/theme/');

export const getInfo = () => call<typeof contracts.getInfo>('GET', '/current-tenant/info/');

/** With its entity tag: what somebody else changed since is not to be overwritten unseen. */
export const getDraft = () =>
  callTagged<typeof branding.getThemeDraft>('GET', '/current-tenant/theme/draft/');

export const saveDraft = (body: branding.BrandColours, ifMatch?: string) =>
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

export function setMark(mark: SchoolMark, file: File, options: UploadOptions) {
  const form = new FormData();
  form.set('file', file);
  return upload<typeof marks.setLogo>(`/current-tenant/${mark}/`, form, { ...options, method: 'PUT' });
}

export const removeMark = (mark: SchoolMark) =>
  mark === 'logo'
    ? call<typeof marks.removeLogo>('DELETE', '/current-tenant/logo/')
    : call<typeof marks.removeFavicon>('DELETE', '/current-tenant/favicon/');

export const proposeColours = () => call<typeof marks.proposeColours>('GET', '/current-tenant/logo/colours/');
