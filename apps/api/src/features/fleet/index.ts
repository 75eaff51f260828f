export { migrateFleet } from './fleet.service.ts';
