import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { storagePrefix, type Bundler, type SchoolReader, type Tenancy, type TenantRef } from '@preau/tenancy';
import { NotStored, type Storage } from '../../platform/storage/storage.ts';
import type { JobRun } from '../jobs/index.ts';
import { createArchive, type ArchiveWriter } from './archive-writer.ts';
import { FORMAT, HEADER, MANIFEST, SEQUENCES, type Header, type Manifest } from './bundle-format.ts';
import type { Bundle } from './bundle.model.ts';
import {
  builtTenant,
  completeBundle,
  failBundle,
  findBundle,
  type BundleFigures,
} from './bundle.repository.ts';
import { schemaOfTable } from './json-schema.ts';
import { filesOfRows, nothing } from './school-files.ts';
import type { Scrubber } from './scrub.ts';
import { writeShared } from './shared-rows.ts';

export type BundleMaker = ReturnType<typeof createBundleMaker>;

interface Options {
  tenancy: Tenancy;
  bundler: Bundler;
  /** Of the schools. */
  storage: Storage;
  /** Of the archives. */
  backups: Storage;
  recipients: readonly string[];
}

type Run = Pick<JobRun, 'signal' | 'progress' | 'step'>;

/** Writes archives. One that was cut short is written anew, under the same key: nothing is seen there before it is whole. */
export function createBundleMaker({ tenancy, bundler, storage, backups, recipients }: Options) {
  async function writeRows(
    reader: SchoolReader,
    archive: ArchiveWriter,
    { forExport, scrubber }: { forExport: boolean; scrubber: Scrubber | null },
    said: (bytes: number) => void,
  ): Promise<void> {
    const columns = Map.groupBy(reader.columns, ({ table }) => table);
    for (const table of reader.tables) {
      if (forExport)
        await archive.part(
          `schemas/${table.name}.json`,
          schemaOfTable(table.name, columns.get(table.name) ?? []),
        );
      const encoding = forExport ? 'ndjson' : 'copy';
      const rows = await reader.rows(table, encoding);
      const scrubbing = scrubber?.rows(table);
      const source = scrubbing ? rows.compose(scrubbing as never) : rows;
      const { bytes } = await archive.lines(`rows/${table.name}`, encoding, source);
      said(bytes);
    }
    await archive.part(SEQUENCES, `${JSON.stringify(reader.sequences)}\n`);
  }

  async function writeFiles(
    archive: ArchiveWriter,
    tenantId: string,
    files: AsyncIterable<{ key: string; bytes: number }>,
    emptied: boolean,
    said: (bytes: number) => void,
  ): Promise<Pick<Manifest, 'files' | 'file_bytes' | 'missing'>> {
    const figures = { files: 0, file_bytes: 0, missing: [] as string[] };
    for await (const { key, bytes } of files) {
      const content = emptied
        ? Readable.from(nothing(bytes), { objectMode: false })
        : await storage.read(`${storagePrefix({ id: tenantId })}${key}`).catch((error: unknown) => {
            // Removed for good since the rows were read.
            if (error instanceof NotStored) return null;
            throw error;
          });
      if (!content) {
        figures.missing.push(key);
        continue;
      }
      await archive.file(`files/${key}`, bytes, content);
      figures.files += 1;
      figures.file_bytes += bytes;
      said(bytes);
    }
    return figures;
  }

  async function fill(
    archive: ArchiveWriter,
    tenant: TenantRef,
    { forExport, scrubber, run }: { forExport: boolean; scrubber: Scrubber | null; run: Run },
  ): Promise<Omit<BundleFigures, 'bytes'>> {
    let done = 0;
    const said = (bytes: number) => {
      done += bytes;
      run.progress({ done, unit: 'bytes' });
    };
    const { version, content, counted } = await bundler.read(tenant, async (reader) => {
      const reckoned = await run.step('rows', async () => {
        const header: Header = {
          format: FORMAT,
          kind: forExport ? 'export' : 'backup',
          encoding: forExport ? 'ndjson' : 'copy',
          schema_version: reader.version,
          tables: reader.tables.map(({ name, columns }) => ({ name, columns: [...columns] })),
        };
        await archive.part(HEADER, `${JSON.stringify(header, null, 2)}\n`);
        await writeShared(reader, archive, tenant.id, { forExport, scrubber });
        await writeRows(reader, archive, { forExport, scrubber }, said);
        // Of a copy with inventions they would not be true.
        return scrubber ? [] : reader.content();
      });
      // The rows are asked on, some at a time: their list is not kept.
      const files = filesOfRows(reader.ask, reader.tables, tenant.id);
      const carried = await run.step('files', () =>
        writeFiles(archive, tenant.id, files, scrubber !== null, said),
      );
      return { version: reader.version, content: reckoned, counted: carried };
    });
    const rows = content.reduce((sum, table) => sum + table.rows, 0);
    const manifest = `${JSON.stringify({ rows, ...counted, content } satisfies Manifest, null, 2)}\n`;
    await archive.end(MANIFEST, manifest);
    return {
      checksum: createHash('sha256').update(manifest).digest('hex'),
      schema_version: version,
      row_count: rows,
      file_count: counted.files,
      file_bytes: counted.file_bytes,
    };
  }

  return {
    /** Writes the archive of an entered bundle, unless it is there. */
    async make(run: Run, bundleId: string, scrubber: Scrubber | null = null): Promise<Bundle> {
      const { bundle, tenant } = await tenancy.central(
        async ({ trx }) => {
          const found = await findBundle(trx, bundleId);
          return { bundle: found, tenant: await builtTenant(trx, found.tenant_id) };
        },
        { readOnly: true },
      );
      if (bundle.status === 'done') return bundle;
      const forExport = bundle.kind === 'export';
      const archive = createArchive({ compress: !forExport, recipients: bundle.encrypted ? recipients : [] });
      const stop = () => archive.destroy(run.signal.reason as Error);
      run.signal.addEventListener('abort', stop, { once: true });
      const stored = backups.write(bundle.storage_key, archive.output, { signal: run.signal });
      try {
        const filling = fill(archive, tenant, { forExport, scrubber, run });
        // Whichever fails ends the other, and the first reason is what is told.
        const [figures, { bytes }] = await Promise.all([
          filling.catch((error: Error) => {
            archive.destroy(error);
            throw error;
          }),
          stored.catch((error: Error) => {
            archive.destroy(error);
            throw error;
          }),
        ]);
        return await tenancy.central(async ({ trx }) => {
          await completeBundle(trx, bundleId, { ...figures, bytes });
          return findBundle(trx, bundleId);
        });
      } finally {
        run.signal.removeEventListener('abort', stop);
        await stored.catch(() => {});
      }
    },

    /** The school that an archive is of. */
    schoolOf: ({ tenant_id: id }: Pick<Bundle, 'tenant_id'>) =>
      tenancy.central(({ trx }) => builtTenant(trx, id), { readOnly: true }),

    /** An archive will not come: nothing stays where it would have been. */
    async giveUp(bundleId: string, reason: string): Promise<void> {
      await tenancy.central(async ({ trx }) => {
        const bundle = await findBundle(trx, bundleId);
        if (bundle.status !== 'running') return;
        await backups.remove(bundle.storage_key);
        await failBundle(trx, bundleId, reason);
      });
    },
  };
}
