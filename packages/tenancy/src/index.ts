export { connect, type ConnectOptions } from './run/connect.ts';
export { CONNECTION_LIMITS, type ConnectionLimits } from './run/connection-care.ts';
export { TenantBusyError } from './run/fair-gate.ts';
export type { PoolStats } from './run/pool-stats.ts';
export {
  createTenancy,
  shareOf,
  type CentralScope,
  type CentralTrx,
  type ForEachFailure,
  type Tenancy,
  type TenantScope,
  type TenantTrx,
} from './run/tenancy.ts';
export { together } from './run/together.ts';
export { centralOpening, EXTENSIONS_SCHEMA, tenantOpening } from './run/opening.ts';
export { assertSchemaName, newSchemaName, type SchemaName, type TenantRef } from './tenant-ref.ts';
export { cachePrefix, realtimeGroupRoom, realtimeRoom, realtimeUserRoom, storagePrefix } from './keys.ts';
export { normaliseDomain, normaliseHost } from './resolve/normalise-host.ts';
export { createMemoryCache, type CachePort } from './resolve/cache.ts';
export { batchLoads } from './resolve/batch-loads.ts';
export { createHostResolver, type HostResolver, type Layer } from './resolve/host-resolver.ts';
export type { Forgetting, Found, SharedHosts } from './resolve/shared-hosts.ts';
export { createChangeFeed, publishChange, type Change, type ChangeFeed } from './resolve/change-feed.ts';
export {
  dropOwnedSchema,
  dropTenantRole,
  dropTenantSchema,
  sendAsTenant,
} from './provision/tenant-schema.ts';
export { createMigrator, type Migrator, type SchemaBack, type SchemaReport } from './migrate/migrator.ts';
export type { FleetReport, FleetRunEnd, FleetRunOptions, Outcome, SchemaAt } from './migrate/fleet-run.ts';
export { DROP_FLEET_TABLES, FLEET_TABLES } from './migrate/fleet-tables.ts';
export { endRun, insertRun, hasDied, type RunRecord, type RunStatus } from './migrate/run-record.ts';
export type { Rehearsal, RehearsedMigration } from './migrate/rehearse.ts';
export { ladderVersion, loadLadder, type Ladder, type Migration } from './migrate/ladder.ts';
export {
  formatSnapshot,
  loadSnapshot,
  parseSnapshot,
  recordSnapshot,
  type Snapshot,
} from './migrate/snapshot.ts';
export { tableSizes, type TableSize } from './inspect/table-sizes.ts';
export { catalogueDifference, catalogueDigest, type CatalogueDifference } from './inspect/catalogue.ts';
export { findDrift, type Drift } from './inspect/drift.ts';
export { findOrphans, type Orphan } from './inspect/orphans.ts';
export { schemaOwnerText } from './provision/schema-owner.ts';
export { createReadyPool, type PoolFilling, type PoolStock, type ReadyPool } from './provision/ready-pool.ts';
export { createRoleStock, type RoleStock } from './provision/role-stock.ts';
export { createPoolKeeper, type PoolKeeper } from './provision/pool-keeper.ts';
export { createBundler, type Bundler } from './bundle/bundler.ts';
export type { SchoolBuilder } from './bundle/build-school.ts';
export type { RowEncoding, SchoolReader } from './bundle/read-school.ts';
export {
  columnFacts,
  tablesOf,
  type BundleTable,
  type ColumnFacts,
  type SequenceState,
} from './bundle/tables.ts';
export { contentDifference, contentDigest, type TableContent } from './inspect/content.ts';
