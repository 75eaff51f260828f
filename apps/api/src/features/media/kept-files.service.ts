import { Readable } from 'node:stream';
import type { MediaFolder, MediaVariant } from '@preau/contracts/media';
import type { TenantRef } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import type { Storage } from '../../platform/storage/storage.ts';
import type { Origin } from '../audit/index.ts';
import type { FormFile } from '../define-feature.ts';
import type { Content, ContentService } from './content.service.ts';
import type { StorageLedger } from './ledger.service.ts';
import type { MediaFile } from './media-file.model.ts';
import type { UploadService } from './upload.service.ts';

export type KeptFiles = ReturnType<typeof createKeptFiles>;

/** Where files go that are a feature's own. */
export interface Keeping {
  keeper: string;
  /** Bytes that one file may have. */
  mostBytes: number;
  folder?: MediaFolder;
  picturesOnly?: boolean;
  /** Smaller pictures are made when somebody asks for one, and not before. */
  variantsLater?: boolean;
}

/** Files that a feature keeps: in the same store and ledger as the library's, and out of the library's reach. */
export function createKeptFiles({
  storage,
  uploads,
  content,
  ledger,
}: {
  storage: Storage;
  uploads: UploadService;
  content: ContentService;
  ledger: StorageLedger;
}) {
  return {
    receive: (
      tenant: TenantRef,
      origin: Origin,
      files: AsyncIterable<FormFile>,
      keeping: Keeping,
    ): Promise<MediaFile[]> => uploads.upload(tenant, origin, files, keeping),

    /** Makes a file of the library the feature's too, as a copy: what becomes of the one is nothing to the other. */
    async copy(tenant: TenantRef, origin: Origin, id: string, keeping: Keeping): Promise<MediaFile> {
      const { key, bytes, name } = await content.find(tenant, id, {});
      if (bytes > keeping.mostBytes)
        throw new AppError('file_too_large', { details: { name, limit: keeping.mostBytes } });
      let source: Readable = Readable.from([]);
      async function* one(): AsyncGenerator<FormFile> {
        source = await storage.read(key);
        yield { name, content: source, fields: {}, announced: bytes };
      }
      try {
        const [file] = await uploads.upload(tenant, origin, one(), keeping);
        if (!file) throw new Error(`Of ${id} no copy was made`);
        return file;
      } finally {
        source.destroy();
      }
    },

    /** What to send of one, to somebody who the feature knows may read it. Throws `not_found`. */
    find: (
      tenant: TenantRef,
      id: string,
      asking: { keeper: string; variant?: MediaVariant | undefined; accept?: string | undefined },
    ): Promise<Content> => content.find(tenant, id, asking),

    /** Removes at once what was crossed out; what fails is tried again within minutes. */
    async sweep({ id }: TenantRef): Promise<void> {
      await ledger.sweep(id);
      await ledger.tell(id);
    },
  };
}
