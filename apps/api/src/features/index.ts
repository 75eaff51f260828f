import { announcementsFeature } from './announcements/announcements.feature.ts';
import { apiKeysFeature } from './api-keys/api-keys.feature.ts';
import { auditFeature } from './audit/audit.feature.ts';
import { brandingFeature } from './branding/branding.feature.ts';
import { schoolMarksFeature } from './branding/school-marks.feature.ts';
import { bundlesFeature } from './bundles/bundles.feature.ts';
import { currentTenantFeature } from './current-tenant/current-tenant.feature.ts';
import type { Feature } from './define-feature.ts';
import { directoryFeature } from './directory/directory.feature.ts';
import { domainsFeature } from './domains/domains.feature.ts';
import { eventsFeature } from './events/events.feature.ts';
import { explainFeature } from './explain/explain.feature.ts';
import { fleetFeature } from './fleet/fleet.feature.ts';
import { groupsFeature } from './groups/groups.feature.ts';
import { homeFeature } from './home/home.feature.ts';
import { identityFeature } from './identity/identity.feature.ts';
import { jobsFeature } from './jobs/jobs.feature.ts';
import { secondFactorFeature } from './second-factor/second-factor.feature.ts';
import { singleSignOnFeature } from './single-sign-on/single-sign-on.feature.ts';
import { signupsFeature } from './signups/signups.feature.ts';
import { supportAccessFeature } from './support-access/support-access.feature.ts';
import { tenantImportFeature } from './tenant-import/tenant-import.feature.ts';
import { mediaFeature } from './media/media.feature.ts';
import { membersFeature } from './members/members.feature.ts';
import { notificationsFeature } from './notifications/notifications.feature.ts';
import { mailFeature } from './mail/mail.feature.ts';
import { messagingFeature } from './messaging/messaging.feature.ts';
import { installationFeature } from './installation/installation.feature.ts';
import { overviewFeature } from './overview/overview.feature.ts';
import { realtimeFeature } from './realtime/realtime.feature.ts';
import { placesFeature } from './places/places.feature.ts';
import { quotasFeature } from './quotas/quotas.feature.ts';
import { studentRecordsFeature } from './student-records/student-records.feature.ts';
import { fixturesFeature } from './fixtures/fixtures.feature.ts';
import { tenantsFeature } from './tenants/tenants.feature.ts';

/** The table of contents: what the product can do, in the order of the documentation. */
export const features: readonly Feature[] = [
  overviewFeature,
  installationFeature,
  tenantsFeature,
  tenantImportFeature,
  signupsFeature,
  bundlesFeature,
  domainsFeature,
  explainFeature,
  currentTenantFeature,
  homeFeature,
  brandingFeature,
  schoolMarksFeature,
  identityFeature,
  membersFeature,
  groupsFeature,
  realtimeFeature,
  apiKeysFeature,
  secondFactorFeature,
  singleSignOnFeature,
  auditFeature,
  supportAccessFeature,
  fleetFeature,
  jobsFeature,
  mailFeature,
  notificationsFeature,
  quotasFeature,
  announcementsFeature,
  messagingFeature,
  eventsFeature,
  directoryFeature,
  placesFeature,
  mediaFeature,
  studentRecordsFeature,
  fixturesFeature,
];
