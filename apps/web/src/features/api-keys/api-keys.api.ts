import type { ApiKey, NewApiKey, RotatedApiKey } from '@preau/contracts/api-keys';
import type * as contracts from '@preau/contracts/api-keys';
import { KEY_SCOPES, SCHOOL_KEY_SCOPES } from '@preau/contracts/permissions';
import { call } from '../../shared/http.ts';

export interface NewKey {
  name: string;
  scopes: string[];
  expires_at: string | null;
  allowed_addresses: string[];
}

/** Keys of the platform, of a school as the platform sees it, or of a school as it sees itself. */
export interface KeyRing {
  /** Parts the cached answers of one ring from another's. */
  name: string;
  scopes: readonly string[];
  list(): Promise<{ results: ApiKey[] }>;
  create(key: NewKey): Promise<NewApiKey>;
  rotate(id: string, hours: number): Promise<RotatedApiKey>;
  revoke(id: string): Promise<unknown>;
}

export const platformKeys: KeyRing = {
  name: 'platform',
  scopes: KEY_SCOPES,
  list: () => call<typeof contracts.listPlatformKeys>('GET', '/platform/api_keys/'),
  create: (body) => call<typeof contracts.createPlatformKey>('POST', '/platform/api_keys/', { body }),
  rotate: (id, overlap_hours) =>
    call<typeof contracts.rotatePlatformKey>('POST', '/platform/api_keys/:id/rotate/', {
      params: { id },
      body: { overlap_hours },
    }),
  revoke: (id) =>
    call<typeof contracts.revokePlatformKey>('DELETE', '/platform/api_keys/:id/', { params: { id } }),
};

export const keysOfSchool = (id: string): KeyRing => ({
  name: id,
  scopes: SCHOOL_KEY_SCOPES,
  list: () => call<typeof contracts.listTenantKeys>('GET', '/tenants/:id/api_keys/', { params: { id } }),
  create: (body) =>
    call<typeof contracts.createTenantKey>('POST', '/tenants/:id/api_keys/', { params: { id }, body }),
  rotate: (kid, overlap_hours) =>
    call<typeof contracts.rotateTenantKey>('POST', '/tenants/:id/api_keys/:kid/rotate/', {
      params: { id, kid },
      body: { overlap_hours },
    }),
  revoke: (kid) =>
    call<typeof contracts.revokeTenantKey>('DELETE', '/tenants/:id/api_keys/:kid/', { params: { id, kid } }),
});

export const ownKeys: KeyRing = {
  name: 'own',
  scopes: SCHOOL_KEY_SCOPES,
  list: () => call<typeof contracts.listOwnKeys>('GET', '/api_keys/'),
  create: (body) => call<typeof contracts.createOwnKey>('POST', '/api_keys/', { body }),
  rotate: (id, overlap_hours) =>
    call<typeof contracts.rotateOwnKey>('POST', '/api_keys/:id/rotate/', {
      params: { id },
      body: { overlap_hours },
    }),
  revoke: (id) => call<typeof contracts.revokeOwnKey>('DELETE', '/api_keys/:id/', { params: { id } }),
};
