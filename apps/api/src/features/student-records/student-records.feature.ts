import { defineFeature } from '../define-feature.ts';
import { classRoutes, yearRoutes } from './class.routes.ts';
import { studentRecordJobs } from './import.job.ts';
import { studentImportRoutes } from './import.routes.ts';
import { rosterFixtures } from './roster.fixtures.ts';
import { guardianRoutes, recordAccountRoutes, staffRoutes, studentRoutes } from './student.routes.ts';

/** The roster of a school: students, who answers for them, staff, classes, years. */
export const studentRecordsFeature = defineFeature({
  name: 'student-records',
  module: 'student_records',
  routes: (services) => [
    ...studentRoutes(services),
    ...recordAccountRoutes(services),
    ...guardianRoutes(services),
    ...staffRoutes(services),
    ...classRoutes(services),
    ...yearRoutes(services),
    ...studentImportRoutes(services),
  ],
  jobs: studentRecordJobs,
  fixtures: [rosterFixtures],
});
