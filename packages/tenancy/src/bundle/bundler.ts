import { catalogueDifference, type CatalogueDifference } from '../inspect/catalogue.ts';
import { ladderVersion, type Ladder } from '../migrate/ladder.ts';
import type { Snapshot } from '../migrate/snapshot.ts';
import { connect } from '../run/connect.ts';
import type { TenantRef } from '../tenant-ref.ts';
import { buildSchool, type SchoolBuilder } from './build-school.ts';
import { readSchool, type SchoolReader } from './read-school.ts';

export interface Bundler {
  /** One school at one moment: see {@link readSchool}. */
  read<R>(tenant: TenantRef, fn: (reader: SchoolReader) => Promise<R>): Promise<R>;
  /** A new schema with given rows: see {@link buildSchool}. */
  build<R>(
    target: { schemaName: string; version: string | null },
    fn: (builder: SchoolBuilder) => Promise<R>,
  ): Promise<R>;
  /** Whether rows of a version can be brought to ours: it is a step of our ladder. */
  knows(version: string | null): boolean;
  /** What two schemas do not have alike; inside the transaction of a builder the new one can be seen. */
  difference(builder: SchoolBuilder, other: string): Promise<CatalogueDifference[]>;
  readonly ladder: { readonly digest: string; readonly version: string | null };
  close(): Promise<void>;
}

export interface BundlerOptions {
  /** Past any transaction pooler: its transactions are long. */
  url: string;
  ladder: Ladder;
  snapshot: Snapshot | null;
  /** Schools read or built at once; others wait. 4 unless told. */
  max?: number;
}

/** Reads and builds whole schools, on connections of its own: none of those that people wait for is held meanwhile. */
export function createBundler({ url, ladder, snapshot, max = 4 }: BundlerOptions): Bundler {
  const knex = connect({
    url,
    max,
    applicationName: 'preau bundles',
    pipeline: false,
    // Until another school is done.
    acquireTimeout: 600_000,
  });
  return {
    read: (tenant, fn) => readSchool(knex, tenant, fn),
    build: (target, fn) => buildSchool({ knex, ladder, snapshot, ...target }, fn),
    knows: (version) => version === null || ladder.migrations.some(({ name }) => name === version),
    difference: ({ trx, schemaName }, other) => catalogueDifference(trx, schemaName, other),
    ladder: { digest: ladder.digest, version: ladderVersion(ladder) },
    close: () => knex.destroy(),
  };
}
