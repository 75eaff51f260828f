import type * as contracts from '@preau/contracts/current-tenant';
import { call } from '../../shared/http.ts';

export const getTheme = () => call<typeof contracts.getTheme>('GET', '/current-tenant/theme/');

export const getInfo = () => call<typeof contracts.getInfo>('GET', '/current-tenant/info/');

export const editTheme = (colours: { primary_color: string; secondary_color: string }) =>
  call<typeof contracts.editTheme>('PATCH', '/current-tenant/theme/', { body: colours });
