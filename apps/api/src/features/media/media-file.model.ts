import type { MediaFolder, MediaVariant } from '@preau/contracts/media';
import { TenantModel } from '../../database/tenant.model.ts';

/** A file of a school. Its bytes are in the store. */
export class MediaFile extends TenantModel {
  static override tableName = 'media_files';
  declare id: string;
  declare folder: MediaFolder;
  declare purpose: 'logo' | 'favicon' | 'banner' | null;
  /** The feature whose file it is, and not the library's. */
  declare kept_by: string | null;
  declare name: string;
  declare alt: string;
  declare media_type: string;
  /** A number too large for JavaScript's would come as text: as it does from the driver. */
  declare bytes: string;
  declare sha256: string;
  declare width: number | null;
  declare height: number | null;
  declare storage_key: string;
  declare uploader_id: string | null;
  declare uploader_name: string;
  declare created_at: Date;
  declare updated_at: Date;
  declare trashed_at: Date | null;
  declare version: number;
}

/** A smaller picture of an image. */
export class MediaVariantFile extends TenantModel {
  static override tableName = 'media_variants';
  static override idColumn = ['media_id', 'variant', 'format'];
  declare media_id: string;
  declare variant: MediaVariant;
  declare format: 'avif' | 'webp';
  declare bytes: string;
  declare width: number;
  declare height: number;
  declare storage_key: string;
}
