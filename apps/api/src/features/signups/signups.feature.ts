import { defineFeature } from '../define-feature.ts';
import { signupCommands } from './signup.commands.ts';
import { signupJobs } from './signup.jobs.ts';
import { signupMails } from './signup.mails.ts';
import { signupRoutes } from './signup.routes.ts';

/** The way in for a school that is not here yet: asked for by its own people, granted by the platform. */
export const signupsFeature = defineFeature({
  name: 'signups',
  routes: signupRoutes,
  jobs: signupJobs,
  mails: signupMails,
  commands: signupCommands,
});
