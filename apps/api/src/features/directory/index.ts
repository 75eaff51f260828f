export { createDirectoryService, type DirectoryService } from './directory.service.ts';
export { createMembershipService, type MembershipService } from './membership.service.ts';
export { createPictureService, MOST_PICTURE_BYTES, type PictureService } from './picture.service.ts';
export { createProfileService, type ProfileService } from './profile.service.ts';
export { agendaBindings, agendaPageSql, type AgendaRow } from './agenda.read-model.ts';
export type { ProfileRow } from './directory.read-model.ts';
export { presentEntry, presentProfile } from './directory.presenter.ts';
