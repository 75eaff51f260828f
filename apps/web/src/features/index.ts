import { agendaModule } from './agenda/index.ts';
import { announcementsModule } from './announcements/index.ts';
import { apiKeysPages } from './api-keys/index.ts';
import { auditPages } from './audit/index.ts';
import { exportPages } from './bundles/index.ts';
import { schoolsModule } from './current-tenant/index.ts';
import type { ModuleDescriptor } from './define-module.ts';
import { groupsPages } from './groups/index.ts';
import { homeModule } from './home/index.ts';
import { mediaModule } from './media/index.ts';
import { membersModule } from './members/index.ts';
import { messagingModule } from './messaging/index.ts';
import { networkPages } from './network/index.ts';
import { singleSignOnPages } from './single-sign-on/index.ts';
import { studentRecordsModule } from './student-records/index.ts';
import { supportPages } from './support-access/index.ts';

/** Table of contents of the portal: the modules of a school, in the order of the navigation. */
export const MODULES_OF_THE_PORTAL: readonly ModuleDescriptor[] = [
  announcementsModule,
  agendaModule,
  messagingModule,
  mediaModule,
  studentRecordsModule,
  membersModule,
  groupsPages,
  homeModule,
  schoolsModule,
  networkPages,
  auditPages,
  apiKeysPages,
  singleSignOnPages,
  exportPages,
  supportPages,
];
