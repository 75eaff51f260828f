import { defineFeature } from '../define-feature.ts';
import { directoryJobs } from './directory.jobs.ts';
import { networkRoutes, publicDirectoryRoutes } from './directory.routes.ts';

/** Networks of schools, and what schools show of themselves to one another and to everybody. */
export const directoryFeature = defineFeature({
  name: 'directory',
  routes: (services) => [...publicDirectoryRoutes(services), ...networkRoutes(services)],
  jobs: directoryJobs,
});
