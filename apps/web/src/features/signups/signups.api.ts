import type * as contracts from '@preau/contracts/signups';
import { call } from '../../shared/http.ts';

const one = (id: string) => ({ params: { id } });

export const listSignups = (query: contracts.SignupQuery) =>
  call<typeof contracts.listSignups>('GET', '/signups/', { query });

export const getSignup = (id: string) =>
  call<typeof contracts.getSignupRequest>('GET', '/signups/:id/', one(id));

export const approveSignup = (id: string, subdomain: string) =>
  call<typeof contracts.approveSignup>('POST', '/signups/:id/approve/', { ...one(id), body: { subdomain } });

export const refuseSignup = (id: string, reason: string) =>
  call<typeof contracts.refuseSignup>('POST', '/signups/:id/refuse/', { ...one(id), body: { reason } });

export const getSettings = () => call<typeof contracts.getSignupSettings>('GET', '/signups/settings/');

export const updateSettings = (body: Partial<contracts.SignupSettings>) =>
  call<typeof contracts.updateSignupSettings>('PATCH', '/signups/settings/', { body });
