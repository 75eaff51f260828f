import { defineFeature } from '../define-feature.ts';
import { bundleCommands } from './bundles.commands.ts';
import { bundleJobs } from './bundle.jobs.ts';
import { exportReady } from './bundle.notifications.ts';
import { orphanCommands } from './orphans.commands.ts';
import { bundleRoutes } from './bundle.routes.ts';

/** One school alone, saved, brought back, copied, handed over. */
export const bundlesFeature = defineFeature({
  name: 'bundles',
  routes: bundleRoutes,
  jobs: bundleJobs,
  notifications: [exportReady],
  commands(program, run) {
    bundleCommands(program, run);
    orphanCommands(program, run);
  },
});
