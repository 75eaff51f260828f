import type { Migrator, Orphan, Rehearsal, Tenancy } from '@preau/tenancy';
import { isMissingTable } from '../../platform/database-errors.ts';
import { AppError } from '../../platform/app-error.ts';
import {
  fleetStatus,
  getRun,
  lastMigration,
  listRuns,
  ownedSchemas,
  promisedNames,
  schemaOf,
  schemasOfRestores,
  type FleetSchool,
  type ResultRow,
  type RunRow,
  type StatusRow,
} from './fleet.read-model.ts';
import { planMigration } from './fleet.service.ts';
import { toRehearse } from './rehearsal.read-model.ts';

interface Kernel {
  tenancy: Tenancy;
  migrator: Migrator;
}

export type FleetInspection = ReturnType<typeof createFleetInspection>;

export interface DriftedSchool extends FleetSchool {
  unknownVersion: boolean;
  differences: { kind: string; object: string; expected: string | null; found: string | null }[];
}

export interface DriftReport {
  compared: number;
  drifted: DriftedSchool[];
  orphans: Orphan[];
}

export interface SchoolRehearsal extends Rehearsal {
  subdomain: string | null;
  name: string | null;
  /** Why this school was taken. */
  because: ('asked' | 'largest' | 'oldest')[];
}

/** Looking at the fleet without changing it. */
export function createFleetInspection({ tenancy, migrator }: Kernel) {
  const read = <R>(fn: Parameters<typeof tenancy.central<R>>[0]) => tenancy.central(fn, { readOnly: true });

  /** What has lost its school; a schema that a restore is about to put in place, or has just replaced, has not. */
  async function orphansBeside(owned: readonly FleetSchool[]): Promise<Orphan[]> {
    const names = owned.map((school) => school.schemaName);
    const orphans = await migrator.findOrphans(names, await read(({ trx }) => promisedNames(trx)));
    const aside = new Set(await read(({ trx }) => schemasOfRestores(trx)));
    return orphans.filter(({ schemaName }) => !aside.has(schemaName));
  }

  return {
    heads: () => migrator.heads,

    /** Schemas, roles and versions that are nobody's, and schools without a schema. */
    orphans: async (): Promise<Orphan[]> => orphansBeside(await read(({ trx }) => ownedSchemas(trx))),

    /** The schema of a school, by its schema's name, its subdomain, a domain or its id. Throws `tenant_not_found`. */
    schemaOf: (school: string): Promise<string> => read(({ trx }) => schemaOf(trx, school)),

    /** Where every school is: one query. */
    async status(): Promise<StatusRow> {
      try {
        return await read(({ trx }) => fleetStatus(trx, migrator.heads.tenant));
      } catch (error) {
        if (isMissingTable(error)) throw new AppError('migrations_missing', { cause: error });
        throw error;
      }
    },
    runs: (query: { page?: number; page_size?: number }): Promise<{ count: number; rows: RunRow[] }> =>
      read(({ trx }) => listRuns(trx, query)),
    /** Id of the last run that brought schools forward. Throws `not_found`. */
    lastMigration: (): Promise<string> => read(({ trx }) => lastMigration(trx)),
    /** A run with what became of each school; the last one unless told. Throws `not_found`. */
    run: (id?: string): Promise<{ run: RunRow; results: ResultRow[] }> => read(({ trx }) => getRun(trx, id)),

    /** Schools that are not what their version makes, and what has lost its school. All of them, or one. */
    async drift(schemaName?: string): Promise<DriftReport> {
      const owned = await read(({ trx }) => ownedSchemas(trx));
      const compared = owned.filter((school) => !schemaName || school.schemaName === schemaName);
      const orphans = schemaName ? [] : await orphansBeside(owned);
      const missing = new Set(orphans.filter(({ kind }) => kind === 'missing').map((o) => o.schemaName));
      const drifts = await migrator.findDrift(compared.filter((school) => !missing.has(school.schemaName)));
      const byName = new Map(compared.map((school) => [school.schemaName, school]));
      return {
        compared: compared.length - missing.size,
        orphans,
        drifted: drifts.map(({ schemaName: name, version, differences, unknownVersion = false }) => ({
          schemaName: name,
          subdomain: byName.get(name)?.subdomain ?? null,
          name: byName.get(name)?.name ?? null,
          version,
          unknownVersion,
          differences: differences.map(({ kind, object, left, right }) => ({
            kind,
            object,
            expected: left,
            found: right,
          })),
        })),
      };
    },

    sweepRehearsals: () => migrator.sweepRehearsals(),

    /** Rehearses what is missing on copies of the largest and of the oldest school that is behind, or of the one told. */
    async rehearse(
      schemaName?: string,
      onSchool?: (school: FleetSchool) => void,
    ): Promise<SchoolRehearsal[]> {
      await migrator.sweepRehearsals();
      const behind = (await planMigration({ tenancy, migrator }, { schema: schemaName })).filter(
        ({ schemaName: name }) => name !== 'public',
      );
      const chosen = schemaName
        ? behind.map((school) => ({ ...school, because: ['asked' as const] }))
        : await read(({ trx }) => toRehearse(trx, behind));
      const rehearsals: SchoolRehearsal[] = [];
      for (const { because, ...school } of chosen) {
        onSchool?.(school);
        const rehearsal = await migrator.rehearse(school.schemaName);
        rehearsals.push({ ...rehearsal, subdomain: school.subdomain, name: school.name, because });
      }
      return rehearsals;
    },
  };
}
