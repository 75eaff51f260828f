import { getSchoolHome } from '@preau/contracts/school-home';
import { announcementsAtAGlance } from '../announcements/index.ts';
import { bind, defineFeature, schoolOf } from '../define-feature.ts';
import { countOpenReports } from '../messaging/index.ts';
import { readCentralPart } from './home.read-model.ts';

/** The first page of who looks after a school: two transactions, whatever there is in it. */
export const homeFeature = defineFeature({
  name: 'home',
  module: 'schools',
  routes: ({ tenancy }) => [
    bind(getSchoolHome, async (call) => {
      const school = schoolOf(call);
      const { announcements: hasAnnouncements, messaging: hasMessages } = school.modulesEnabled;
      const [central, own] = await Promise.all([
        tenancy.central(({ trx }) => readCentralPart(trx, school.id), { readOnly: true }),
        tenancy.read(school, async ({ trx }) => ({
          announcements: hasAnnouncements ? await announcementsAtAGlance(trx) : null,
          reports: hasMessages ? await countOpenReports(trx) : null,
        })),
      ]);
      return {
        ...central,
        waiting: {
          ...central.waiting,
          announcements: own.announcements?.submitted ?? null,
          reports: own.reports,
        },
        setup: { ...central.setup, announcement: own.announcements?.published ?? null },
      };
    }),
  ],
});
