import type * as contracts from '@preau/contracts/domains';
import { call } from '../../shared/http.ts';

export const addDomain = (id: string, body: { domain: string; is_primary: boolean; vouched: boolean }) =>
  call<typeof contracts.addDomain>('POST', '/tenants/:id/add_domain/', { params: { id }, body });

export const getDomain = (id: string, did: string) =>
  call<typeof contracts.getDomain>('GET', '/tenants/:id/domains/:did/', { params: { id, did } });

export const verifyDomain = (id: string, did: string) =>
  call<typeof contracts.verifyDomain>('POST', '/tenants/:id/domains/:did/verify/', { params: { id, did } });

export const setRedirects = (id: string, did: string, redirects: boolean) =>
  call<typeof contracts.editDomain>('PATCH', '/tenants/:id/domains/:did/', {
    params: { id, did },
    body: { redirects },
  });

export const makePrimary = (id: string, did: string) =>
  call<typeof contracts.makePrimaryDomain>('POST', '/tenants/:id/domains/:did/make_primary/', {
    params: { id, did },
  });

export const removeDomain = (id: string, did: string) =>
  call<typeof contracts.removeDomain>('DELETE', '/tenants/:id/domains/:did/', { params: { id, did } });
