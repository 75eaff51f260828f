export { createAnnouncementService, type AnnouncementService } from './announcement.service.ts';
