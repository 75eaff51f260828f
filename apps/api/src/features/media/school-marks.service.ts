import { MOST_PROPOSALS, type SchoolMark } from '@preau/contracts/school-marks';
import type { Tenancy, TenantRef } from '@preau/tenancy';
import { coloursOfPicture, type BrandColours } from '@preau/theme';
import { auditTenant, type Origin } from '../audit/index.ts';
import type { FormFile } from '../define-feature.ts';
import type { TenantService } from '../tenants/index.ts';
import type { Content } from './content.service.ts';
import { wholeOf } from './content.service.ts';
import { pixelsOf } from './image.ts';
import type { StorageLedger } from './ledger.service.ts';
import { MediaFile } from './media-file.model.ts';
import { discardFiles } from './media.repository.ts';
import type { Storage } from '../../platform/storage/storage.ts';
import type { UploadService } from './upload.service.ts';

export type SchoolMarkService = ReturnType<typeof createSchoolMarkService>;

export interface SchoolMarkOptions {
  tenancy: Tenancy;
  storage: Storage;
  tenants: TenantService;
  uploads: UploadService;
  ledger: StorageLedger;
}

/** Another one for other bytes, so that what browsers have kept is never the wrong one. */
const addressOf = (mark: SchoolMark, { sha256 }: Pick<MediaFile, 'sha256'>): string =>
  `/api/v1/current-tenant/${mark}/?v=${sha256.slice(0, 16)}`;

/**
 * Logo and favicon of a school. The picture is stored first and then made known: should this process die in between, the old
 * address answers with the new picture.
 */
export function createSchoolMarkService({ tenancy, storage, tenants, uploads, ledger }: SchoolMarkOptions) {
  const find = (tenant: TenantRef, mark: SchoolMark): Promise<MediaFile | undefined> =>
    tenancy.read(tenant, async ({ trx }) => MediaFile.query(trx).findOne({ purpose: mark }));

  return {
    async set(tenant: TenantRef, origin: Origin, mark: SchoolMark, files: AsyncIterable<FormFile>) {
      const [file] = await uploads.upload(tenant, origin, files, { purpose: mark });
      if (!file) throw new Error('An upload without a file');
      await tenants.updateMark(origin, tenant.id, mark, addressOf(mark, file));
    },

    /** A second time is no change. */
    async remove(tenant: TenantRef, origin: Origin, mark: SchoolMark): Promise<void> {
      await tenants.updateMark(origin, tenant.id, mark, null);
      await tenancy.write(tenant, async ({ trx }) => {
        const files = await MediaFile.query(trx).where({ purpose: mark }).forUpdate();
        for (const { id, name, sha256 } of files)
          await auditTenant(trx, origin, {
            action: 'media.delete',
            target: { type: 'media', id },
            before: { name, sha256 },
          });
        await discardFiles(trx, files);
      });
      await ledger.sweep(tenant.id);
    },

    /** What to send of a mark; null where the school has none of its own. `exact`: of the version that was asked for. */
    async content(
      tenant: TenantRef,
      mark: SchoolMark,
      version: string | undefined,
    ): Promise<{ content: Content; exact: boolean } | null> {
      const file = await find(tenant, mark);
      return file ? { content: wholeOf(file), exact: addressOf(mark, file).endsWith(`=${version}`) } : null;
    },

    async proposals(tenant: TenantRef): Promise<BrandColours[]> {
      const file = await find(tenant, 'logo');
      if (!file) return [];
      return coloursOfPicture(await pixelsOf(await storage.read(file.storage_key)), MOST_PROPOSALS);
    },
  };
}
