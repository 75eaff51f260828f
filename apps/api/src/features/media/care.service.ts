import type { Tenancy } from '@preau/tenancy';
import type { Storage } from '../../platform/storage/storage.ts';
import type { Origin } from '../audit/index.ts';
import { schoolsWithFiles, schoolsWithSpace, type CaredSchool } from './care.read-model.ts';
import type { StorageLedger } from './ledger.service.ts';
import type { MediaService } from './media.service.ts';
import type { Scratch } from './scratch.ts';
import type { StorageReport, StorageVerifier } from './verify.service.ts';

export type MediaCare = ReturnType<typeof createMediaCare>;

/** A sender that is silent for a minute is given up: what got nothing for so long has no process any more. */
const UNFINISHED = 10 * 60_000;
const SCRATCH = 3_600_000;

export interface CareOptions {
  tenancy: Tenancy;
  storage: Storage;
  scratch: Scratch;
  ledger: StorageLedger;
  media: MediaService;
  verifier: StorageVerifier;
}

/** What is done for the files of all schools without anybody asking, or at an operator's word. */
export function createMediaCare({ tenancy, storage, scratch, ledger, media, verifier }: CareOptions) {
  const schools = (id: string | null): Promise<CaredSchool[]> =>
    tenancy.central(({ trx }) => schoolsWithSpace(trx, id), { readOnly: true });

  return {
    /** A school that has a space; undefined when there is none of this id. */
    schoolOf: async (id: string): Promise<CaredSchool | undefined> => (await schools(id))[0],

    /** Gives back what was promised to uploads that are no more, and removes what they left. */
    async sweep(): Promise<{ released: number; removed: number; unfinished: number }> {
      const swept = await ledger.sweep();
      const { removed: unfinished } = await storage.removeUnfinished(new Date(Date.now() - UNFINISHED));
      await scratch.clear(new Date(Date.now() - SCRATCH));
      // A limit that was lowered is passed without an upload.
      await ledger.tell();
      return { ...swept, unfinished };
    },

    async emptyTrash(
      origin: Origin,
      { signal, onSchool }: { signal?: AbortSignal; onSchool?: (done: number, total: number) => void } = {},
    ): Promise<{ deleted: number }> {
      const all = await tenancy.central(({ trx }) => schoolsWithFiles(trx), { readOnly: true });
      let deleted = 0;
      for (const [at, school] of all.entries()) {
        signal?.throwIfAborted();
        deleted += await media.emptyTrash(school, origin);
        onSchool?.(at + 1, all.length);
      }
      return { deleted };
    },

    /** Verifies one school, or all of them, one after the other. */
    async *verify(
      origin: Origin,
      { id = null, repair = false }: { id?: string | null; repair?: boolean } = {},
    ): AsyncGenerator<StorageReport> {
      for (const school of await schools(id)) yield verifier.verify(school, origin, { repair });
    },
  };
}
