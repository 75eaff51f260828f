import type * as contracts from '@preau/contracts/networks';
import { call, callTagged } from '../../shared/http.ts';

export const listMemberships = () => call<typeof contracts.listMemberships>('GET', '/network/memberships/');
export const askMembership = (body: contracts.MembershipAsk) =>
  call<typeof contracts.askMembership>('POST', '/network/memberships/', { body });
export const acceptMembership = (id: string) =>
  call<typeof contracts.acceptMembership>('POST', '/network/memberships/:id/accept/', { params: { id } });
export const endMembership = (id: string) =>
  call<typeof contracts.endMembership>('DELETE', '/network/memberships/:id/', { params: { id } });

export const getProfile = () => callTagged<typeof contracts.getOwnProfile>('GET', '/network/profile/');
export const updateProfile = (body: contracts.ProfilePatch, ifMatch?: string) =>
  callTagged<typeof contracts.updateOwnProfile>('PATCH', '/network/profile/', {
    body,
    ifMatch,
  });
