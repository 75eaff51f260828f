export { createMessageFileService, type MessageFileService } from './message-files.service.ts';
export { createMessageReportService, type MessageReportService } from './message-reports.service.ts';
export { createMessagingService, type MessagingService } from './messaging.service.ts';
export { countOpenReports } from './messaging.read-model.ts';
