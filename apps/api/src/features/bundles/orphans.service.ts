import type { Tenancy } from '@preau/tenancy';
import type { Storage } from '../../platform/storage/storage.ts';
import type { FleetInspection } from '../fleet/index.ts';
import { ARCHIVES } from './bundle.repository.ts';
import { strayRows } from '../tenants/index.ts';

export type OrphanScan = ReturnType<typeof createOrphanScan>;

/** Something that has lost what it belongs to, or a school or an archive that lacks something. */
export interface Stray {
  kind: 'schema' | 'role' | 'version' | 'missing schema' | 'files' | 'rows' | 'archive' | 'missing archive';
  name: string;
  /** Bytes of files, or rows; null where nothing is counted. */
  amount: number | null;
}

interface Options {
  tenancy: Tenancy;
  fleet: Pick<FleetInspection, 'orphans'>;
  storage: Storage;
  backups: Storage;
}

const FOLDER = /^tenant_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/?$/;
const ROOT = 'mediafiles/';
/** Keys that are looked up at a time. */
const BATCH = 1_000;

/** Looks for what schools that are gone have left anywhere: catalogue, shared tables, both stores. Changes nothing. */
export function createOrphanScan({ tenancy, fleet, storage, backups }: Options) {
  const rowsOf = async <T>(sql: string, values: readonly unknown[]): Promise<T[]> =>
    (await tenancy.central(({ trx }) => trx.raw(sql, values as never), { readOnly: true })).rows;

  async function folders(): Promise<Stray[]> {
    const ids = new Map(
      (await storage.list(ROOT)).flatMap((name): [string, string][] => {
        const id = FOLDER.exec(name)?.[1];
        return id === undefined ? [] : [[id, name]];
      }),
    );
    const there = await rowsOf<{ id: string }>('SELECT id FROM public.tenants WHERE id = ANY(?::uuid[])', [
      [...ids.keys()],
    ]);
    for (const { id } of there) ids.delete(id);
    const stray: Stray[] = [];
    for (const id of ids.keys()) {
      let bytes = 0;
      for await (const file of storage.keys(`${ROOT}tenant_${id}/`)) bytes += file.bytes;
      stray.push({ kind: 'files', name: `${ROOT}tenant_${id}/`, amount: bytes });
    }
    return stray;
  }

  /** Archives without a row, for which nobody would ever look; and rows whose archive is not there. */
  async function archives(): Promise<Stray[]> {
    const stray: Stray[] = [];
    const look = async (batch: { key: string; bytes: number }[]): Promise<void> => {
      const known = new Set(
        (
          await rowsOf<{ storage_key: string }>(
            'SELECT storage_key FROM public.bundles WHERE storage_key = ANY(?::text[])',
            [batch.map(({ key }) => key)],
          )
        ).map(({ storage_key: key }) => key),
      );
      for (const { key, bytes } of batch)
        if (!known.has(key)) stray.push({ kind: 'archive', name: key, amount: bytes });
    };
    let batch: { key: string; bytes: number }[] = [];
    for await (const file of backups.keys(ARCHIVES)) {
      batch.push(file);
      if (batch.length < BATCH) continue;
      await look(batch);
      batch = [];
    }
    await look(batch);
    const done = await rowsOf<{ storage_key: string }>(
      "SELECT storage_key FROM public.bundles WHERE status = 'done' ORDER BY storage_key",
      [],
    );
    for (const { storage_key: key } of done)
      if (!(await backups.stat(key))) stray.push({ kind: 'missing archive', name: key, amount: null });
    return stray;
  }

  return {
    async scan(): Promise<Stray[]> {
      const catalogue = (await fleet.orphans()).map(({ kind, schemaName }): Stray => ({
        kind: kind === 'missing' ? 'missing schema' : kind,
        name: schemaName,
        amount: null,
      }));
      const rows = (await tenancy.central(({ trx }) => strayRows(trx), { readOnly: true })).map(
        ({ table, rows: amount }): Stray => ({ kind: 'rows', name: table, amount }),
      );
      return [...catalogue, ...rows, ...(await folders()), ...(await archives())];
    },
  };
}
