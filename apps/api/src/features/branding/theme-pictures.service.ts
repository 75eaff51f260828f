import { PICTURE_WAITS_HOURS } from '@preau/contracts/branding';
import { LARGEST_MARK, MOST_PROPOSALS } from '@preau/contracts/school-marks';
import type { MediaVariant } from '@preau/contracts/media';
import type { Tenancy, TenantRef } from '@preau/tenancy';
import { coloursOfPicture, type BrandColours } from '@preau/theme';
import { AppError } from '../../platform/app-error.ts';
import type { Storage } from '../../platform/storage/storage.ts';
import { auditTenant, type Origin } from '../audit/index.ts';
import type { FormFile } from '../define-feature.ts';
import {
  discardKept,
  keptFilesOf,
  keptWithSum,
  pixelsOf,
  schoolsWithFiles,
  sumsOfKept,
  type Content,
  type KeptFiles,
} from '../media/index.ts';
import { picturesNeeded } from './theme.repository.ts';

export type ThemePictures = ReturnType<typeof createThemePictures>;

/** Whose files they are in the school's store: the library shows, links and deletes none of them. */
const KEEPER = 'branding';
const HOUR = 3_600_000;
/** What waits may be named so long: an hour less than it is kept, so that nobody names what is just being deleted. */
const NAMED_WITHIN = (PICTURE_WAITS_HOURS - 1) * HOUR;

const nameOf = (fileId: string): string => fileId.replaceAll('-', '');
/** A name from before drafts had pictures is the start of the bytes’ sum, so long; any other is a file’s id. */
const START_OF_SUM = 16;
const idOf = (name: string): string => name.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

interface Options {
  tenancy: Tenancy;
  storage: Storage;
  files: KeptFiles;
}

/**
 * Pictures of a school's looks. One that is sent waits until a draft or the theme names it; it is kept while one of them does, or
 * a version of the history that keeps its own, and deleted after.
 */
export function createThemePictures({ tenancy, storage, files }: Options) {
  /** Throws `not_found`. */
  async function fileOf(tenant: TenantRef, name: string): Promise<string> {
    if (name.length > START_OF_SUM) return idOf(name);
    const id = await tenancy.read(tenant, ({ trx }) => keptWithSum(trx, KEEPER, name));
    if (id === undefined) throw new AppError('not_found');
    return id;
  }

  async function content(
    tenant: TenantRef,
    name: string,
    asking: { variant?: MediaVariant; accept?: string | undefined } = {},
  ): Promise<Content> {
    return files.find(tenant, await fileOf(tenant, name), { keeper: KEEPER, ...asking });
  }

  return {
    /** What to send of one. Throws `not_found`. */
    content,

    /** Takes the one picture of a form in. @returns its name. */
    async receive(tenant: TenantRef, origin: Origin, form: AsyncIterable<FormFile>): Promise<string> {
      const [file] = await files.receive(tenant, origin, form, {
        keeper: KEEPER,
        mostBytes: LARGEST_MARK,
        folder: 'school_assets',
        picturesOnly: true,
        variantsLater: true,
      });
      if (!file) throw new Error('An upload without a file');
      return nameOf(file.id);
    },

    /**
     * Those of these that are there, and whether they may be named though nothing does yet: long enough before they would be
     * deleted for it.
     */
    async there(
      tenant: TenantRef,
      names: readonly string[],
      now = Date.now(),
    ): Promise<Map<string, { fresh: boolean }>> {
      if (names.length === 0) return new Map();
      return tenancy.read(tenant, async ({ trx }) => {
        const found = new Map<string, { fresh: boolean }>();
        for (const name of new Set(names)) {
          const id = name.length > START_OF_SUM ? idOf(name) : await keptWithSum(trx, KEEPER, name);
          const file = id === undefined ? undefined : (await keptFilesOf(trx, KEEPER, [id])).get(id);
          if (file) found.set(name, { fresh: file.created_at.getTime() > now - NAMED_WITHIN });
        }
        return found;
      });
    },

    async proposals(tenant: TenantRef, name: string): Promise<BrandColours[]> {
      const { key } = await content(tenant, name);
      return coloursOfPicture(await pixelsOf(await storage.read(key)), MOST_PROPOSALS);
    },

    /**
     * Deletes what nothing names. Read in this order nothing is deleted that is named meanwhile: what is old enough to be listed
     * is too old to be named anew. @returns how many.
     */
    async collect(tenant: TenantRef, origin: Origin, now = Date.now()): Promise<number> {
      const before = new Date(now - PICTURE_WAITS_HOURS * HOUR);
      const old = await tenancy.read(tenant, ({ trx }) => sumsOfKept(trx, KEEPER, before));
      if (old.length === 0) return 0;
      const needed = await tenancy.central(({ trx }) => picturesNeeded(trx, tenant.id), { readOnly: true });
      const gone = old.filter(
        ({ id, sha256 }) => !needed.has(nameOf(id)) && !needed.has(sha256.slice(0, START_OF_SUM)),
      );
      if (gone.length === 0) return 0;
      await tenancy.write(tenant, async ({ trx }) => {
        for (const { id } of gone)
          await auditTenant(trx, origin, {
            action: 'media.delete',
            target: { type: 'media', id },
            before: { kept_by: KEEPER },
          });
        await discardKept(
          trx,
          KEEPER,
          gone.map(({ id }) => id),
        );
      });
      await files.sweep(tenant);
      return gone.length;
    },

    /** The same of every school with files. */
    async collectAll(origin: Origin, signal: AbortSignal): Promise<{ deleted: number }> {
      let deleted = 0;
      for (const school of await tenancy.central(({ trx }) => schoolsWithFiles(trx), { readOnly: true })) {
        signal.throwIfAborted();
        deleted += await this.collect(school, origin);
      }
      return { deleted };
    },
  };
}
