import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { MEDIA_VARIANTS, type MediaVariant } from '@preau/contracts/media';
import { storagePrefix, type Tenancy, type TenantRef } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../platform/app-error.ts';
import { NotStored, type Storage } from '../../platform/storage/storage.ts';
import type { Origin } from '../audit/index.ts';
import type { JobService } from '../jobs/index.ts';
import { writeVariant } from './image.ts';
import { confirmClaim } from './ledger.repository.ts';
import type { StorageLedger } from './ledger.service.ts';
import { MediaFile, MediaVariantFile } from './media-file.model.ts';
import { findAnyFile } from './media.read-model.ts';
import type { Scratch } from './scratch.ts';

export type VariantService = ReturnType<typeof createVariantService>;

export const MAKE_VARIANTS = 'media.variants';
const FORMATS = ['webp', 'avif'] as const;
const ALL = Object.keys(MEDIA_VARIANTS) as MediaVariant[];
/** Of what a feature keeps for a few readers: a look at it. Not so the school's logo, which the directory shows in every size. */
const variantsOf = ({ kept_by: keeper }: Pick<MediaFile, 'kept_by'>): readonly MediaVariant[] =>
  keeper === null || keeper === 'branding' ? ALL : ['med'];

export interface VariantOptions {
  tenancy: Tenancy;
  storage: Storage;
  scratch: Scratch;
  ledger: StorageLedger;
  jobs: JobService;
}

/** The smaller pictures of images: made by a job, in each of the formats that browsers ask for. */
export function createVariantService({ tenancy, storage, scratch, ledger, jobs }: VariantOptions) {
  async function makeOne(
    tenant: TenantRef,
    { id, folder }: Pick<MediaFile, 'id' | 'folder'>,
    original: string,
    variant: MediaVariant,
    format: 'avif' | 'webp',
    path: string,
  ): Promise<void> {
    const { bytes, width, height } = await writeVariant(original, path, {
      ...MEDIA_VARIANTS[variant],
      format,
    });
    // A name of its own: of two runs that make the same, each may remove what it has stored.
    const storage_key = `${storagePrefix(tenant)}${folder}/${uuidv7()}.${format}`;
    const reservation = await ledger.reserve(tenant.id, bytes);
    try {
      await reservation.storesAt(storage_key);
      const stored = await storage.write(storage_key, createReadStream(path), {
        contentType: `image/${format}`,
      });
      if (stored.bytes !== bytes) throw new Error(`Of ${bytes} bytes ${stored.bytes} were stored`);
      await tenancy.write(tenant, async ({ trx }) => {
        // Deleted meanwhile, or made by another run: then this one's is removed.
        const there = await MediaFile.query(trx).findById(id).forUpdate();
        if (!there) throw new AppError('not_found');
        await MediaVariantFile.query(trx).insert({
          media_id: id,
          variant,
          format,
          bytes: String(bytes),
          width,
          height,
          storage_key,
        });
        await confirmClaim(trx, reservation.id, bytes);
      });
      reservation.end();
    } catch (error) {
      await reservation.undo();
      throw error;
    }
  }

  return {
    /** Asks for those of these files, once whoever asks has them written down. A second request for one is no second job. */
    async want(tenant: TenantRef, ids: readonly string[], origin: Origin): Promise<void> {
      for (const id of ids) {
        await tenancy
          .central(({ trx }) =>
            jobs.start(trx, origin, {
              kind: MAKE_VARIANTS,
              tenantId: tenant.id,
              payload: { media_id: id },
              uniqueKey: id,
            }),
          )
          .catch((error: unknown) => {
            if (!(error instanceof AppError && error.code === 'job_in_progress')) throw error;
          });
      }
    },

    /** Makes those that are missing. `shownOnly`: of no file of the library. @returns how many. */
    async make(
      tenant: TenantRef,
      id: string,
      {
        signal,
        shownOnly = false,
        onMade,
      }: { signal?: AbortSignal; shownOnly?: boolean; onMade?: (done: number, total: number) => void } = {},
    ): Promise<number> {
      const detail = await tenancy.read(tenant, ({ trx }) => findAnyFile(trx, id));
      if (!detail?.file.media_type.startsWith('image/')) return 0;
      const isKept = detail.file.kept_by !== null;
      if (shownOnly && detail.file.purpose === null && !isKept) return 0;
      const there = new Set(detail.variants.map(({ variant, format }) => `${variant}.${format}`));
      const wanted = variantsOf(detail.file)
        .flatMap((variant) => FORMATS.map((format) => ({ variant, format })))
        .filter(({ variant, format }) => !there.has(`${variant}.${format}`));
      if (wanted.length === 0) return 0;
      return scratch.with(async (path) => {
        const original = path();
        try {
          await pipeline(
            await storage.read(detail.file.storage_key),
            createWriteStream(original, { mode: 0o600 }),
          );
        } catch (error) {
          if (error instanceof NotStored) return 0;
          throw error;
        }
        let made = 0;
        for (const { variant, format } of wanted) {
          signal?.throwIfAborted();
          await makeOne(tenant, detail.file, original, variant, format, path());
          made += 1;
          onMade?.(made, wanted.length);
        }
        return made;
      });
    },
  };
}
