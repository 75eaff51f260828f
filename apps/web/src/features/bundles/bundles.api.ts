import type * as contracts from '@preau/contracts/bundles';
import type { BundleKind } from '@preau/contracts/vocabulary';
import { call } from '../../shared/http.ts';
import { upload, type UploadOptions } from '../../shared/upload.ts';

export const listBundles = (id: string, page: number) =>
  call<typeof contracts.listBundles>('GET', '/tenants/:id/backups/', {
    params: { id },
    query: { page, page_size: 10 },
  });

export const makeBundle = (id: string, kind: BundleKind) =>
  call<typeof contracts.makeBundle>('POST', '/tenants/:id/backups/', { params: { id }, body: { kind } });

export const drillBundle = (id: string, bid: string) =>
  call<typeof contracts.verifyBundle>('POST', '/tenants/:id/backups/:bid/verify/', {
    params: { id, bid },
    body: { drill: true },
  });

export const deleteBundle = (id: string, bid: string) =>
  call<typeof contracts.deleteBundle>('DELETE', '/tenants/:id/backups/:bid/', { params: { id, bid } });

export const restoreInPlace = (id: string, bid: string, subdomain: string) =>
  call<typeof contracts.restoreBundle>('POST', '/tenants/:id/backups/:bid/restore/', {
    params: { id, bid },
    body: { mode: 'in_place' },
    headers: { 'x-confirm': subdomain },
  });

export const restoreAsCopy = (id: string, bid: string, subdomain: string) =>
  call<typeof contracts.restoreBundle>('POST', '/tenants/:id/backups/:bid/restore/', {
    params: { id, bid },
    body: { mode: 'copy', subdomain },
  });

export const cloneTenant = (id: string, body: contracts.Clone) =>
  call<typeof contracts.cloneTenant>('POST', '/tenants/:id/clone/', { params: { id }, body });

/** Where the browser itself fetches an archive. */
export const contentOf = (id: string, bid: string): string => `/api/v1/tenants/${id}/backups/${bid}/content/`;

/** Archives of schools that are there no more. */
export const listErased = (page: number, size: number) =>
  call<typeof contracts.listAllBundles>('GET', '/backups/', {
    query: { erased: true, page, page_size: size },
  });

/** The erased school itself, at the address that is given. */
export const bringBack = (id: string, subdomain: string) =>
  call<typeof contracts.restoreErased>('POST', '/backups/:id/restore/', {
    params: { id },
    body: { mode: 'back', subdomain },
  });

/** Takes in what another installation exported; without a subdomain, at the address it had there. */
export function importBundle(file: File, subdomain: string, options: UploadOptions) {
  const form = new FormData();
  form.set('file', file);
  const query = subdomain ? `?subdomain=${encodeURIComponent(subdomain)}` : '';
  return upload<typeof contracts.importBundle>(`/backups/import/${query}`, form, options);
}

export const listExports = (page: number, size: number) =>
  call<typeof contracts.listExports>('GET', '/exports/', { query: { page, page_size: size } });

export const makeExport = () => call<typeof contracts.makeExport>('POST', '/exports/', {});

/** Where the browser itself fetches a school's own export. */
export const exportContent = (id: string): string => `/api/v1/exports/${id}/content/`;
