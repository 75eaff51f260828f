export { createSecondFactorService, type SecondFactorService } from './second-factor.service.ts';
