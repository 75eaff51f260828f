export {
  migrateFleet,
  planMigration,
  runMigration,
  type FleetRun,
  type SchoolReport,
} from './fleet.service.ts';
export { createFleetInspection, type FleetInspection } from './inspection.service.ts';
