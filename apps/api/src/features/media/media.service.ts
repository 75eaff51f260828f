import { TRASH_DAYS, type MediaPatch, type MediaQuery } from '@preau/contracts/media';
import type { Tenancy, TenantRef, TenantTrx } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import { auditTenant, type Actor, type Origin } from '../audit/index.ts';
import type { StorageLedger } from './ledger.service.ts';
import { MediaFile } from './media-file.model.ts';
import { findFile, listFiles, type MediaDetail } from './media.read-model.ts';
import { discardFiles, trashedBefore } from './media.repository.ts';
import { safeName } from './safe-name.ts';
import { shown } from './upload.service.ts';

export type MediaService = ReturnType<typeof createMediaService>;

const DAY = 86_400_000;
const BATCH = 100;

/** The staff change what is their own; administrators change all, and so do the keys that they gave out for it. */
export const mayEdit = (actor: Actor, file: Pick<MediaFile, 'uploader_id'>): boolean =>
  actor.type === 'key' ||
  (actor.type === 'user' &&
    (actor.role === 'admin' ||
      (actor.role !== 'student' && actor.role !== 'parent' && actor.id === file.uploader_id)));

/** When a file will have left the trash for good. */
export const purgedAt = ({ trashed_at: at }: Pick<MediaFile, 'trashed_at'>): Date | null =>
  at ? new Date(at.getTime() + TRASH_DAYS * DAY) : null;

const extensionOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** A school's files as its people see them. */
export function createMediaService({ tenancy, ledger }: { tenancy: Tenancy; ledger: StorageLedger }) {
  async function editable(trx: TenantTrx, origin: Origin, id: string, expected?: number): Promise<MediaFile> {
    const file = await MediaFile.query(trx).findOne({ id, kept_by: null }).forUpdate();
    if (!file) throw new AppError('not_found');
    if (!mayEdit(origin.actor, file))
      throw new AppError('permission_denied', { details: { permission: 'media:write' } });
    if (expected !== undefined && file.version !== expected) throw new AppError('precondition_failed');
    return file;
  }

  async function change(
    tenant: TenantRef,
    origin: Origin,
    id: string,
    expected: number | undefined,
    action: string,
    patch: (before: MediaFile) => Partial<MediaFile>,
  ): Promise<MediaDetail> {
    return tenancy.write(tenant, async ({ trx }) => {
      const before = await editable(trx, origin, id, expected);
      await MediaFile.query(trx)
        .patch({ ...patch(before), updated_at: new Date(), version: before.version + 1 })
        .where({ id });
      const detail = await findFile(trx, id);
      if (!detail) throw new AppError('not_found');
      await auditTenant(trx, origin, {
        action,
        target: { type: 'media', id },
        before: shown(before),
        after: shown(detail.file),
      });
      return detail;
    });
  }

  /** Crosses files out; what they took is free once it is gone from the store, which is tried at once. */
  async function removeStored(
    tenant: TenantRef,
    crossOut: (trx: TenantTrx) => Promise<boolean>,
  ): Promise<boolean> {
    const any = await tenancy.write(tenant, ({ trx }) => crossOut(trx));
    if (any) {
      await ledger.sweep(tenant.id);
      await ledger.tell(tenant.id);
    }
    return any;
  }

  return {
    list: (tenant: TenantRef, query: MediaQuery) => tenancy.read(tenant, ({ trx }) => listFiles(trx, query)),

    /** One file. What is in the trash is there for those only who may take it out. */
    get: (tenant: TenantRef, id: string, actor: Actor): Promise<MediaDetail> =>
      tenancy.read(tenant, async ({ trx }) => {
        const detail = await findFile(trx, id);
        if (!detail || (detail.file.trashed_at && !mayEdit(actor, detail.file)))
          throw new AppError('not_found');
        return detail;
      }),

    update: (tenant: TenantRef, origin: Origin, id: string, input: MediaPatch, expected?: number) =>
      change(tenant, origin, id, expected, 'media.update', (before) => ({
        ...(input.name === undefined ? {} : { name: safeName(input.name, extensionOf(before.name)) }),
        ...(input.alt === undefined ? {} : { alt: input.alt.trim() }),
        ...(input.folder === undefined ? {} : { folder: input.folder }),
      })),

    /** Puts a file into the trash. A second time is no change. */
    async trash(tenant: TenantRef, origin: Origin, id: string, expected?: number): Promise<void> {
      await change(tenant, origin, id, expected, 'media.trash', ({ trashed_at: at, purpose }) => {
        // The pages that visitors see lead to it: it is taken off by the branding's own routes.
        if (purpose) throw new AppError('permission_denied', { details: { permission: 'school:brand' } });
        return { trashed_at: at ?? new Date() };
      });
    },

    restore: (tenant: TenantRef, origin: Origin, id: string) =>
      change(tenant, origin, id, undefined, 'media.restore', () => ({ trashed_at: null })),

    /** Deletes a file for good, in the trash or not. */
    async remove(tenant: TenantRef, origin: Origin, id: string): Promise<void> {
      await removeStored(tenant, async (trx) => {
        const file = await editable(trx, origin, id);
        if (file.purpose)
          throw new AppError('permission_denied', { details: { permission: 'school:brand' } });
        await auditTenant(trx, origin, {
          action: 'media.delete',
          target: { type: 'media', id },
          before: { ...shown(file), sha256: file.sha256 },
        });
        return discardFiles(trx, [file]);
      });
    },

    /** Deletes what has been in the trash for its time. @returns how many files. */
    async emptyTrash(tenant: TenantRef, origin: Origin, now = new Date()): Promise<number> {
      let deleted = 0;
      const before = new Date(now.getTime() - TRASH_DAYS * DAY);
      const batch = () =>
        removeStored(tenant, async (trx) => {
          const files = await trashedBefore(trx, before, BATCH);
          for (const file of files)
            await auditTenant(trx, origin, {
              action: 'media.delete',
              target: { type: 'media', id: file.id },
              before: { ...shown(file), sha256: file.sha256, trashed_at: file.trashed_at },
            });
          deleted += files.length;
          return discardFiles(trx, files);
        });
      while (await batch());
      return deleted;
    },
  };
}
