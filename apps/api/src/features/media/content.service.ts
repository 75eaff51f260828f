import type { MediaVariant } from '@preau/contracts/media';
import type { Tenancy, TenantRef } from '@preau/tenancy';
import { LRUCache } from 'lru-cache';
import { AppError } from '../../platform/app-error.ts';
import { SYSTEM } from '../audit/index.ts';
import { MediaFile as File, type MediaFile } from './media-file.model.ts';
import { findFile } from './media.read-model.ts';
import type { VariantService } from './variants.service.ts';

export type ContentService = ReturnType<typeof createContentService>;

/** What is sent of a file, and where it is stored. */
export interface Content {
  key: string;
  bytes: number;
  mediaType: string;
  name: string;
  /** The same for the same bytes. */
  etag: string;
  modifiedAt: Date;
  /** A picture that is still to be made was asked for: the file itself is sent meanwhile. */
  provisional: boolean;
  /** Whether another `Accept` would have got something else. */
  negotiated: boolean;
}

const FORMATS = ['avif', 'webp'] as const;
/** After so long somebody may ask again for a picture that could not be made. */
const ASKED_AGAIN = 10 * 60_000;

/** The formats that a browser takes, the best first: said by name, since "anything" is what those say that know neither. */
const accepted = (accept: string): (typeof FORMATS)[number][] =>
  FORMATS.filter((format) =>
    new RegExp(`image/${format}(?!\\s*;\\s*q=0(?:\\.0*)?(?:,|$))`, 'i').test(accept),
  );

/** A file as it is. */
export const wholeOf = (file: MediaFile): Content => ({
  key: file.storage_key,
  bytes: Number(file.bytes),
  mediaType: file.media_type,
  name: file.name,
  etag: `"${file.sha256.slice(0, 32)}"`,
  modifiedAt: file.created_at,
  provisional: false,
  negotiated: false,
});

export function createContentService({ tenancy, variants }: { tenancy: Tenancy; variants: VariantService }) {
  const asked = new LRUCache<string, true>({ max: 10_000, ttl: ASKED_AGAIN });

  return {
    /** The same of the one picture that a school shows for something. */
    async findPurpose(
      tenant: TenantRef,
      purpose: NonNullable<MediaFile['purpose']>,
      asking: { variant?: MediaVariant | undefined; accept?: string | undefined },
    ): Promise<Content> {
      const file = await tenancy.read(tenant, async ({ trx }) =>
        File.query(trx).findOne({ purpose }).select('id'),
      );
      if (!file) throw new AppError('not_found');
      return this.find(tenant, file.id, asking);
    },

    /** What to send of a file that is not in the trash. Throws `not_found`. */
    async find(
      tenant: TenantRef,
      id: string,
      {
        variant,
        accept = '',
        keeper = null,
      }: {
        variant?: MediaVariant | undefined;
        accept?: string | undefined;
        /** The feature that keeps it, where it is not the library's; that feature has asked who reads. */
        keeper?: string | null;
      },
    ): Promise<Content> {
      const detail = await tenancy.read(tenant, ({ trx }) => findFile(trx, id, keeper));
      if (!detail || detail.file.trashed_at) throw new AppError('not_found');
      const { file } = detail;
      if (variant === undefined || !file.media_type.startsWith('image/')) return wholeOf(file);
      const made = detail.variants.filter((candidate) => candidate.variant === variant);
      const format = accepted(accept).find((wanted) => made.some((one) => one.format === wanted));
      const chosen = made.find((one) => one.format === format);
      if (chosen)
        return {
          ...wholeOf(file),
          key: chosen.storage_key,
          bytes: Number(chosen.bytes),
          mediaType: `image/${chosen.format}`,
          name: `${file.name.slice(0, file.name.lastIndexOf('.'))}.${chosen.format}`,
          etag: `"${file.sha256.slice(0, 32)}.${variant}.${chosen.format}"`,
          negotiated: true,
        };
      const provisional = made.length < FORMATS.length;
      if (provisional && !asked.has(id)) {
        asked.set(id, true);
        await variants.want(tenant, [id], SYSTEM);
      }
      return { ...wholeOf(file), provisional, negotiated: true };
    },
  };
}
