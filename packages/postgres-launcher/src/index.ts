export {
  APPLICATION,
  connectionString,
  ensureApplicationDatabase,
  ensureApplicationRole,
  EXTENSIONS,
  prepareDatabase,
  withClient,
} from './application-database.ts';
export { LaunchError } from './launch-error.ts';
export { launchPostgres, type LaunchOptions, removePostgresData, type RunningPostgres } from './launch.ts';
export { chooseSystemUser, isRoot, type SystemUser } from './system-user.ts';
