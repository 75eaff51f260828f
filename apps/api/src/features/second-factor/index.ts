export { createSecondFactorService, type SecondFactorService } from './second-factor.service.ts';
export { createPasskeyService, type PasskeyService } from './passkey.service.ts';
