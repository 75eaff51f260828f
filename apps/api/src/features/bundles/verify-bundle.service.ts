import { createHash } from 'node:crypto';
import {
  contentDifference,
  newSchemaName,
  storagePrefix,
  type Bundler,
  type CatalogueDifference,
  type Tenancy,
} from '@preau/tenancy';
import { NotStored, type Storage } from '../../platform/storage/storage.ts';
import type { JobRun } from '../jobs/index.ts';
import { tenantExists } from '../tenants/index.ts';
import type { ArchivePart } from './archive-reader.ts';
import { builtTenant, findUsable, noteVerified } from './bundle.repository.ts';
import { openBundle } from './open-bundle.ts';
import { takeIn } from './take-in.ts';

export type BundleVerifier = ReturnType<typeof createBundleVerifier>;

interface Options {
  tenancy: Tenancy;
  bundler: Bundler;
  storage: Storage;
  backups: Storage;
  identities: readonly string[];
}

export interface DrillReport {
  /** Whether the archive gives back what was archived. */
  restores: boolean;
  rows: number;
  files: number;
  /** How the restored schema differs from the school's; of an archive of an earlier version, what was migrated since. */
  schema_differences: CatalogueDifference[];
  /** Tables that the school has changed since. */
  tables_changed_since: string[];
  /** Files that the school does not have any more, and those whose bytes are others. */
  files_gone_since: number;
  files_differing: string[];
  /** Null when the school was erased: there was nothing to compare with but what the archive says of itself. */
  compared_with: string | null;
}

class DrillDone extends Error {}

/** Proves archives. */
export function createBundleVerifier({ tenancy, bundler, storage, backups, identities }: Options) {
  const usable = (id: string) => tenancy.central(({ trx }) => findUsable(trx, id), { readOnly: true });

  async function sha256At(key: string): Promise<string | null> {
    try {
      const hash = createHash('sha256');
      for await (const chunk of await storage.read(key)) hash.update(chunk as Buffer);
      return hash.digest('hex');
    } catch (error) {
      if (error instanceof NotStored) return null;
      throw error;
    }
  }

  return {
    /** Reads an archive to its end, and holds every part against its checksum. */
    async verify(
      run: Pick<JobRun, 'signal' | 'progress'>,
      id: string,
    ): Promise<{ parts: number; bytes: number }> {
      const bundle = await usable(id);
      let read = 0;
      let parts = 2;
      const open = await openBundle({ backups, bundler, identities }, bundle.storage_key, {
        signal: run.signal,
        read: (bytes) => run.progress({ done: (read += bytes), total: Number(bundle.bytes), unit: 'bytes' }),
      });
      for await (const part of open.parts) {
        part.content.resume();
        parts += 1;
      }
      await tenancy.central(({ trx }) => noteVerified(trx, id, 'verified_at'));
      return { parts, bytes: read };
    },

    /**
     * Restores an archive aside, all of it, and compares with the school by the catalogue, by what PostgreSQL reckons of the rows
     * and by the bytes of the files. Then rolls back: nothing stays of it.
     */
    async drill(run: Pick<JobRun, 'signal' | 'progress'>, id: string): Promise<DrillReport> {
      const bundle = await usable(id);
      const school = await tenancy.central(
        async ({ trx }) =>
          (await tenantExists(trx, bundle.tenant_id)) ? builtTenant(trx, bundle.tenant_id) : null,
        { readOnly: true },
      );
      const report: DrillReport = {
        restores: false,
        rows: 0,
        files: 0,
        schema_differences: [],
        tables_changed_since: [],
        files_gone_since: 0,
        files_differing: [],
        compared_with: school?.subdomain ?? null,
      };
      let read = 0;
      const open = await openBundle({ backups, bundler, identities }, bundle.storage_key, {
        signal: run.signal,
        read: (bytes) => run.progress({ done: (read += bytes), total: Number(bundle.bytes), unit: 'bytes' }),
      });
      const prefix = storagePrefix({ id: bundle.tenant_id });
      const compareFile = async (key: string, { content }: ArchivePart): Promise<void> => {
        const hash = createHash('sha256');
        for await (const chunk of content) hash.update(chunk as Buffer);
        if (!school) return;
        const live = await sha256At(`${prefix}${key}`);
        if (live === null) report.files_gone_since += 1;
        else if (live !== hash.digest('hex')) report.files_differing.push(key);
      };
      // Before the transaction that is rolled back, since it is about the school as it is now.
      const now = school ? await bundler.read(school, ({ content }) => content()) : [];
      const drilling = bundler.build(
        { schemaName: newSchemaName(), version: open.header.schema_version },
        async (builder) => {
          const { manifest } = await takeIn(open, builder, compareFile);
          Object.assign(report, { rows: manifest.rows, files: manifest.files });
          if (school) report.tables_changed_since = contentDifference(manifest.content, now);
          await builder.finish();
          if (school) report.schema_differences = await bundler.difference(builder, school.schemaName);
          throw new DrillDone();
        },
      );
      await drilling.catch((error: unknown) => {
        if (!(error instanceof DrillDone)) throw error;
      });
      report.restores = report.schema_differences.length === 0 && report.files_differing.length === 0;
      if (report.restores) await tenancy.central(({ trx }) => noteVerified(trx, id, 'drilled_at'));
      return report;
    },
  };
}
