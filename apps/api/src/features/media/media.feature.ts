import { defineFeature } from '../define-feature.ts';
import { contentRoutes } from './content.routes.ts';
import { mediaCommands } from './media.commands.ts';
import { mediaJobs } from './media.jobs.ts';
import { mediaMails } from './media.mails.ts';
import { mediaRoutes } from './media.routes.ts';

/** Files of the school, within its limit to the byte. */
export const mediaFeature = defineFeature({
  name: 'media',
  module: 'media',
  routes: (services) => [...mediaRoutes(services), ...contentRoutes(services)],
  jobs: mediaJobs,
  mails: mediaMails,
  commands: mediaCommands,
});
