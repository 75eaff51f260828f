import type * as contracts from '@preau/contracts/identity';
import type * as invitations from '@preau/contracts/invitations';
import { call } from '../../shared/http.ts';

export const logIn = (email: string, password: string, code?: string) =>
  call<typeof contracts.login>('POST', '/auth/login/', {
    body: { email, password, ...(code ? { code } : {}) },
  });

export const logOut = () => call<typeof contracts.logout>('POST', '/auth/logout/');

export const whoAmI = () => call<typeof contracts.me>('GET', '/auth/me/', { waits: false });

export const getSessionEnd = () =>
  call<typeof contracts.sessionEnd>('GET', '/auth/session/', { waits: false });

export const getInvitation = (token: string) =>
  call<typeof invitations.getInvitation>('GET', '/invitations/:token/', { params: { token } });

export const acceptInvitation = (
  token: string,
  answer: { full_name?: string; password: string; code?: string },
) =>
  call<typeof invitations.acceptInvitation>('POST', '/invitations/:token/accept/', {
    params: { token },
    body: answer,
  });
