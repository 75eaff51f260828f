import type * as contracts from '@preau/contracts/groups';
import type { listMembers } from '@preau/contracts/members';
import type * as across from '@preau/contracts/public-groups';
import { call, callTagged } from '../../shared/http.ts';

const one = (id: string) => ({ params: { id } });
export const listGroups = (query: contracts.GroupQuery) =>
  call<typeof contracts.listGroups>('GET', '/groups/', { query });

/** With its entity tag, for a change that must not overwrite another. */
export const getGroup = (id: string) => callTagged<typeof contracts.getGroup>('GET', '/groups/:id/', one(id));

export const createGroup = (body: contracts.GroupInput) =>
  call<typeof contracts.createGroup>('POST', '/groups/', { body });

export const putGroup = (id: string, body: contracts.GroupInput, ifMatch?: string) =>
  call<typeof contracts.putGroup>('PUT', '/groups/:id/', { ...one(id), body, ifMatch });

export const deleteGroup = (id: string) =>
  call<typeof contracts.deleteGroup>('DELETE', '/groups/:id/', one(id));

export const listGroupMembers = (id: string, query: { page?: number; page_size?: number }) =>
  call<typeof contracts.listGroupMembers>('GET', '/groups/:id/members/', { ...one(id), query });

export const addGroupMembers = (id: string, user_ids: string[]) =>
  call<typeof contracts.addGroupMembers>('POST', '/groups/:id/members/', { ...one(id), body: { user_ids } });

export const removeGroupMember = (id: string, user: string) =>
  call<typeof contracts.removeGroupMember>('DELETE', '/groups/:id/members/:user/', { params: { id, user } });

/** Members of the school by name, to choose from. */
export const searchMembers = (search: string) =>
  call<typeof listMembers>('GET', '/members/', {
    query: { status: 'active', ordering: 'full_name', page_size: 20, ...(search ? { search } : {}) },
  });

export const listPublicGroups = (query: across.PublicGroupQuery) =>
  call<typeof across.listPublicGroups>('GET', '/public-groups/', { query });

export const joinPublicGroup = (id: string) =>
  call<typeof across.joinPublicGroup>('POST', '/public-groups/:id/join/', one(id));

export const leavePublicGroup = (id: string) =>
  call<typeof across.leavePublicGroup>('POST', '/public-groups/:id/leave/', one(id));
