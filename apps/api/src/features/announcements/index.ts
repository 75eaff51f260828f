export { createAnnouncementCare, type AnnouncementCare } from './announcement-care.service.ts';
export {
  createAnnouncementService,
  type AnnouncementDetail,
  type AnnouncementService,
} from './announcement.service.ts';
export { createHerald, type Herald } from './herald.ts';
export { announcementsAtAGlance } from './announcement.read-model.ts';
