import type * as contracts from '@preau/contracts/fleet';
import { call } from '../../shared/http.ts';

export const fleetStatus = () => call<typeof contracts.fleetStatus>('GET', '/fleet/status/');

export const fleetDrift = () => call<typeof contracts.fleetDrift>('GET', '/fleet/drift/');

export const listRuns = (page: number) =>
  call<typeof contracts.listFleetRuns>('GET', '/fleet/migrations/', { query: { page, page_size: 10 } });

export const getRun = (id: string) =>
  call<typeof contracts.getFleetRun>('GET', '/fleet/migrations/:id/', { params: { id } });

/** Answers the id of the job that does it. */
export const startMigration = async (body: contracts.FleetMigration): Promise<string> =>
  (await call<typeof contracts.startFleetMigration>('POST', '/fleet/migrations/', { body })).job_id;
