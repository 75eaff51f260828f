import type * as contracts from '@preau/contracts/signups';
import { call } from '../../shared/http.ts';

/** What opens a request: its id, and the secret that only its maker has. */
export interface SignupKey {
  id: string;
  key: string;
}

const opened = ({ id, key }: SignupKey) => ({ params: { id }, headers: { 'signup-key': key } });

export const signupOptions = () => call<typeof contracts.signupOptions>('GET', '/signup/options/');

export const askSignup = (body: contracts.SignupAsk) =>
  call<typeof contracts.askSignup>('POST', '/signup/', { body });

export const verifySignup = (signup_id: string, code: string) =>
  call<typeof contracts.verifySignup>('POST', '/signup/verify/', { body: { signup_id, code } });

export const getSignup = (own: SignupKey) =>
  call<typeof contracts.getSignup>('GET', '/signup/:id/', opened(own));

export const checkSubdomain = (own: SignupKey, subdomain: string) =>
  call<typeof contracts.checkSignupSubdomain>('POST', '/signup/:id/check_subdomain/', {
    ...opened(own),
    body: { subdomain },
  });

export const submitSignup = (own: SignupKey, body: contracts.SignupDetails) =>
  call<typeof contracts.submitSignup>('POST', '/signup/:id/submit/', { ...opened(own), body });

export const withdrawSignup = (own: SignupKey) =>
  call<typeof contracts.withdrawSignup>('POST', '/signup/:id/withdraw/', opened(own));

export const enterSignup = (own: SignupKey) =>
  call<typeof contracts.enterSignup>('POST', '/signup/:id/enter/', opened(own));
