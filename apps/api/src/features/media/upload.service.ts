import type { MediaFolder } from '@preau/contracts/media';
import type { Tenancy, TenantRef } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import { formFailure } from '../../platform/form-failure.ts';
import { auditTenant, type Origin } from '../audit/index.ts';
import type { FormFile } from '../define-feature.ts';
import { confirmClaim } from './ledger.repository.ts';
import type { Reservation, StorageLedger } from './ledger.service.ts';
import { MediaFile } from './media-file.model.ts';
import { discardFiles } from './media.repository.ts';
import { receiveFile, type ReceivedFile, type Receiving } from './receive-file.ts';

export type UploadService = ReturnType<typeof createUploadService>;

export interface UploadOptions extends Omit<Receiving, 'tenantId'> {
  tenancy: Tenancy;
  ledger: StorageLedger;
  /** Asks for the smaller pictures of images. */
  wantVariants: (tenant: TenantRef, ids: readonly string[], origin: Origin) => Promise<void>;
  onError: (error: unknown) => void;
}

const uploaderOf = ({ actor }: Origin) => ({
  uploader_id: actor.id,
  uploader_name: actor.type === 'user' ? actor.fullName : actor.label,
});

/** What the trail and the lists say of a file. */
export const shown = ({
  name,
  alt,
  folder,
  media_type,
  bytes,
}: Pick<MediaFile, 'name' | 'alt' | 'folder' | 'media_type' | 'bytes'>) => ({
  name,
  alt,
  folder,
  media_type,
  bytes: Number(bytes),
});

/** The trail is read by those who may not read the file: not what it is called, nor a sum that tells it from others. */
export const shownOfKept = ({
  kept_by,
  media_type,
  bytes,
}: Pick<MediaFile, 'kept_by' | 'media_type' | 'bytes'>) => ({ kept_by, media_type, bytes: Number(bytes) });

/** What is taken in of a request. */
interface Taking {
  purpose?: MediaFile['purpose'];
  keeper?: string | null;
  /** Of what the form does not say a folder of. */
  folder?: MediaFolder;
  mostBytes?: number;
  picturesOnly?: boolean;
  /** Smaller pictures are made when somebody asks for one, and not before. */
  variantsLater?: boolean;
}

/**
 * Takes files in. While bytes flow no transaction is open: room is held by the ledger, and one transaction at the end writes all
 * of the request's files down and confirms what they take. Of a request that fails, or whose process dies, nothing stays.
 */
export function createUploadService({ tenancy, ledger, wantVariants, onError, ...receiving }: UploadOptions) {
  async function writeDown(
    tenant: TenantRef,
    origin: Origin,
    reservation: Reservation,
    files: readonly { file: ReceivedFile; alt: string; purpose: MediaFile['purpose'] }[],
    keeper: string | null,
  ): Promise<MediaFile[]> {
    return tenancy.write(tenant, async ({ trx }) => {
      const rows: MediaFile[] = [];
      for (const { file, alt, purpose } of files) {
        // One picture at a time: the one before goes, with what it took.
        if (purpose) await discardFiles(trx, await MediaFile.query(trx).where({ purpose }).forUpdate());
        const row = await MediaFile.query(trx)
          .insert({
            ...file,
            bytes: String(file.bytes),
            alt,
            purpose,
            kept_by: keeper,
            ...uploaderOf(origin),
          })
          .returning('*');
        await auditTenant(trx, origin, {
          action: 'media.upload',
          target: { type: 'media', id: row.id },
          after: keeper ? shownOfKept(row) : { ...shown(row), sha256: row.sha256 },
        });
        rows.push(row);
      }
      await confirmClaim(
        trx,
        reservation.id,
        files.reduce((sum, { file }) => sum + file.bytes, 0),
      );
      return rows;
    });
  }

  return {
    mostBytes: receiving.mostBytes,

    /** All files of a form, or none. */
    async upload(
      tenant: TenantRef,
      origin: Origin,
      files: AsyncIterable<FormFile>,
      {
        purpose = null,
        keeper = null,
        folder: usual = purpose ? 'school_assets' : 'documents',
        mostBytes = receiving.mostBytes,
        picturesOnly = purpose !== null,
        variantsLater = false,
      }: Taking = {},
    ): Promise<MediaFile[]> {
      const received: { file: ReceivedFile; alt: string; purpose: MediaFile['purpose'] }[] = [];
      let reservation: Reservation | undefined;
      let covered = 0;
      try {
        for await (const { name, content, fields, announced } of files) {
          reservation ??= await ledger.reserve(tenant.id, announced);
          const folder = (fields['folder'] ?? usual) as MediaFolder;
          const file = await receiveFile(
            { ...receiving, tenantId: tenant.id, mostBytes: Math.min(mostBytes, receiving.mostBytes) },
            reservation,
            { name, content, folder },
            covered,
          );
          if (picturesOnly && !file.media_type.startsWith('image/'))
            throw new AppError('file_type_refused', { details: { name: file.name, type: file.media_type } });
          covered += file.bytes;
          received.push({ file, alt: fields['alt'] ?? '', purpose });
        }
        if (!reservation) throw new AppError('file_expected', { details: { types: 'multipart/form-data' } });
        const rows = await writeDown(tenant, origin, reservation, received, keeper);
        reservation.end();
        // Of the one that was replaced.
        if (purpose) await ledger.sweep(tenant.id).catch(onError);
        // The files are there: what comes of it must not make the request fail.
        await ledger.tell(tenant.id).catch(onError);
        const images = rows.filter(({ media_type: type }) => type.startsWith('image/')).map(({ id }) => id);
        if (images.length > 0 && !variantsLater) await wantVariants(tenant, images, origin).catch(onError);
        return rows;
      } catch (error) {
        await reservation?.undo().catch(onError);
        throw formFailure(error);
      }
    },
  };
}
