export { createSupportService, type SupportService } from './support.service.ts';
