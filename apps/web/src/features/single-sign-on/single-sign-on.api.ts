import type { SingleSignOnInput } from '@preau/contracts/single-sign-on';
import type * as contracts from '@preau/contracts/single-sign-on';
import { call } from '../../shared/http.ts';

export const getProvider = () => call<typeof contracts.getSingleSignOn>('GET', '/single_sign_on/');

export const putProvider = (body: SingleSignOnInput) =>
  call<typeof contracts.putSingleSignOn>('PUT', '/single_sign_on/', { body });

export const deleteProvider = () => call<typeof contracts.deleteSingleSignOn>('DELETE', '/single_sign_on/');
