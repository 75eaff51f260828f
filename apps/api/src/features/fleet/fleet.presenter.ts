import type { FleetDrift, FleetStatus } from '@preau/contracts/fleet';
import type { FleetSchool, Heads, StatusRow } from './fleet.read-model.ts';
import type { FleetRun, SchoolReport } from './fleet.service.ts';
import type { DriftReport, SchoolRehearsal } from './inspection.service.ts';

const rounded = (milliseconds: number): number => Math.round(milliseconds * 10) / 10;

export const presentSchool = ({ schemaName, subdomain, name, version }: FleetSchool) => ({
  schema_name: schemaName,
  subdomain,
  name,
  version,
});

/** One school of a run, as the command prints it. */
export const presentReport = (report: SchoolReport) => ({
  schema_name: report.schemaName,
  subdomain: report.subdomain,
  name: report.name,
  outcome: report.outcome,
  from: report.from,
  to: report.to,
  applied: report.applied,
  attempts: report.attempts,
  ms: report.ms,
  error: report.error ?? null,
});

/** The shared tables, in the same shape. */
export const presentShared = ({ shared }: FleetRun) =>
  shared &&
  presentReport({
    ...shared,
    subdomain: null,
    name: null,
    outcome: shared.error ? 'failed' : 'migrated',
    attempts: 1,
    ms: 0,
  });

export const presentStatus = (row: StatusRow, heads: Heads): FleetStatus => ({
  head: heads.tenant,
  shared: { version: row.shared, current: row.shared === heads.public },
  total: row.total,
  current: row.current,
  behind: row.behind,
  archived_behind: row.archived_behind,
  ready: row.ready,
  versions: row.versions,
  failed: row.failed,
  last_run: row.last_run,
});

export const presentDrift = ({ compared, drifted, orphans }: DriftReport): FleetDrift => ({
  compared,
  drifted: drifted.map(({ unknownVersion, differences, ...school }) => ({
    ...presentSchool(school),
    unknown_version: unknownVersion,
    differences,
  })),
  orphans: orphans.map(({ kind, schemaName }) => ({ kind, schema_name: schemaName })),
});

export const presentRehearsal = (rehearsal: SchoolRehearsal) => ({
  schema_name: rehearsal.schemaName,
  subdomain: rehearsal.subdomain,
  name: rehearsal.name,
  because: rehearsal.because,
  from: rehearsal.from,
  to: rehearsal.to,
  rows: rehearsal.rows,
  copy_ms: rounded(rehearsal.copyMs),
  commit_ms: rounded(rehearsal.commitMs),
  migrations: rehearsal.migrations.map(({ name, ms, locks }) => ({ name, ms: rounded(ms), locks })),
  error: rehearsal.error ?? null,
});
