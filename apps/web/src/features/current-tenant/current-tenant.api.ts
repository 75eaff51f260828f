import type * as contracts from '@preau/contracts/current-tenant';
import type * as marks from '@preau/contracts/school-marks';
import type { SchoolMark } from '@preau/contracts/school-marks';
import { call } from '../../shared/http.ts';
import { upload, type UploadOptions } from '../../shared/upload.ts';

export const getTheme = () => call<typeof contracts.getTheme>('GET', '/current-tenant/theme/');

export const getInfo = () => call<typeof contracts.getInfo>('GET', '/current-tenant/info/');

export const editTheme = (colours: { primary_color: string; secondary_color: string }) =>
  call<typeof contracts.editTheme>('PATCH', '/current-tenant/theme/', { body: colours });

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
