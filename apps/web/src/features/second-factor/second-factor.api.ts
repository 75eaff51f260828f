import type * as passkeys from '@preau/contracts/passkeys';
import type * as contracts from '@preau/contracts/second-factor';
import type * as signOn from '@preau/contracts/single-sign-on';
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/browser';
import { call } from '../../shared/http.ts';

export const getSecondFactor = () => call<typeof contracts.getSecondFactor>('GET', '/auth/second_factor/');

export const beginTotp = (current_password: string) =>
  call<typeof contracts.beginTotp>('POST', '/auth/second_factor/totp/', { body: { current_password } });

export const confirmTotp = (code: string) =>
  call<typeof contracts.confirmTotp>('POST', '/auth/second_factor/totp/confirm/', { body: { code } });

export const disableTotp = (current_password: string, code: string) =>
  call<typeof contracts.disableTotp>('POST', '/auth/second_factor/totp/disable/', {
    body: { current_password, code },
  });

export const renewRecoveryCodes = (current_password: string, code: string) =>
  call<typeof contracts.renewRecoveryCodes>('POST', '/auth/second_factor/recovery_codes/', {
    body: { current_password, ...(code ? { code } : {}) },
  });

export const getPolicy = () => call<typeof contracts.getSecondFactorPolicy>('GET', '/second_factor_policy/');
export const updatePolicy = (require_second_factor: boolean) =>
  call<typeof contracts.updateSecondFactorPolicy>('PATCH', '/second_factor_policy/', {
    body: { require_second_factor },
  });

export const listPasskeys = () => call<typeof passkeys.listPasskeys>('GET', '/auth/passkeys/');

/** Asks the browser for a new passkey and keeps it. */
export async function addPasskey(current_password: string, name: string) {
  const options = await call<typeof passkeys.beginPasskey>('POST', '/auth/passkeys/begin/', {
    body: { current_password },
  });
  const { startRegistration } = await import('@simplewebauthn/browser');
  const response = await startRegistration({
    optionsJSON: options as PublicKeyCredentialCreationOptionsJSON,
  });
  return call<typeof passkeys.addPasskey>('POST', '/auth/passkeys/', {
    body: { name, response },
  });
}

export const removePasskey = (id: string, current_password: string) =>
  call<typeof passkeys.removePasskey>('POST', '/auth/passkeys/:id/remove/', {
    params: { id },
    body: { current_password },
  });

/** Asks the browser for a passkey of this host, and logs in with it. */
export async function logInWithPasskey() {
  const options = await call<typeof passkeys.beginPasskeyLogin>('POST', '/auth/passkeys/login/begin/');
  const { startAuthentication } = await import('@simplewebauthn/browser');
  const response = await startAuthentication({ optionsJSON: options });
  return call<typeof passkeys.logInWithPasskey>('POST', '/auth/passkeys/login/', {
    body: { response },
  });
}

export const getSignInMethods = () => call<typeof signOn.getSignInMethods>('GET', '/auth/sso/');
export const beginSingleSignOn = () => call<typeof signOn.beginSingleSignOn>('POST', '/auth/sso/begin/');
export const endSingleSignOn = (answer: string) =>
  call<typeof signOn.endSingleSignOn>('POST', '/auth/sso/end/', { body: { answer } });
