import type * as contracts from '@preau/contracts/api-keys';
import { call } from '../../shared/http.ts';

export const listKeys = () => call<typeof contracts.listPlatformKeys>('GET', '/platform/api_keys/');

export const createKey = (body: { name: string; scopes: string[]; expires_at: string | null }) =>
  call<typeof contracts.createPlatformKey>('POST', '/platform/api_keys/', { body });

export const revokeKey = (id: string) =>
  call<typeof contracts.revokePlatformKey>('DELETE', '/platform/api_keys/:id/', { params: { id } });
