import type * as contracts from '@preau/contracts/school-settings';
import { callTagged } from '../../shared/http.ts';

export const getSettings = () =>
  callTagged<typeof contracts.getSchoolSettings>('GET', '/current-tenant/settings/');

export const saveSettings = (body: Partial<contracts.SchoolSettings>, ifMatch?: string) =>
  callTagged<typeof contracts.updateSchoolSettings>('PATCH', '/current-tenant/settings/', {
    body,
    ifMatch,
  });

export const getContact = () =>
  callTagged<typeof contracts.getSchoolContact>('GET', '/current-tenant/contact/');

export const saveContact = (body: contracts.SchoolContactPatch, ifMatch?: string) =>
  callTagged<typeof contracts.updateSchoolContact>('PATCH', '/current-tenant/contact/', {
    body,
    ifMatch,
  });
