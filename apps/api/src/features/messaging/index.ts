export { createMessagingService, type MessagingService } from './messaging.service.ts';
