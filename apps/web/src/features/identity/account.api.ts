import type * as contracts from '@preau/contracts/accounts';
import type { BodyOf } from '@preau/contracts/define-route';
import { call } from '../../shared/http.ts';

export const getAuthOptions = () => call<typeof contracts.authOptions>('GET', '/auth/options/');

export const register = (body: BodyOf<typeof contracts.register>) =>
  call<typeof contracts.register>('POST', '/auth/register/', { body });

export const openRegistration = (body: BodyOf<typeof contracts.openRegistration>) =>
  call<typeof contracts.openRegistration>('POST', '/auth/register/open/', { body });

export const verifyRegistration = (body: BodyOf<typeof contracts.verifyRegistration>) =>
  call<typeof contracts.verifyRegistration>('POST', '/auth/register/verify/', { body });

export const requestReset = (email: string) =>
  call<typeof contracts.requestReset>('POST', '/auth/password/reset/', { body: { email } });

export const confirmReset = (token: string, password: string) =>
  call<typeof contracts.confirmReset>('POST', '/auth/password/reset/confirm/', { body: { token, password } });

export const confirmEmail = (token: string) =>
  call<typeof contracts.confirmEmail>('POST', '/auth/email/confirm/', { body: { token } });

export const changePassword = (body: BodyOf<typeof contracts.changePassword>) =>
  call<typeof contracts.changePassword>('POST', '/auth/password/', { body });

export const changeEmail = (body: BodyOf<typeof contracts.changeEmail>) =>
  call<typeof contracts.changeEmail>('POST', '/auth/email/', { body });

export const rename = (full_name: string) =>
  call<typeof contracts.updateMe>('PATCH', '/auth/me/', { body: { full_name } });

export const listSessions = () => call<typeof contracts.listSessions>('GET', '/auth/sessions/');

export const endSession = (id: string) =>
  call<typeof contracts.endSession>('DELETE', '/auth/sessions/:id/', { params: { id } });

export const endOtherSessions = () =>
  call<typeof contracts.endOtherSessions>('POST', '/auth/sessions/end_others/');

export const listOwnSchools = () => call<typeof contracts.listSchools>('GET', '/auth/schools/');
