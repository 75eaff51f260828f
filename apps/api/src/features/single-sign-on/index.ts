export { createProviderRoad } from './provider.ts';
export { createSingleSignOnService, type SingleSignOnService } from './single-sign-on.service.ts';
