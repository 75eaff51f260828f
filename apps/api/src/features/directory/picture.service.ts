import { Readable } from 'node:stream';
import type { Tenancy, TenantRef } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import type { createPublicFetch } from '../../platform/public-fetch.ts';
import { auditCentral, SYSTEM } from '../audit/index.ts';
import type { FormFile } from '../define-feature.ts';
import type { SchoolMarkService } from '../branding/index.ts';
import type { UploadService } from '../media/index.ts';

export type PictureService = ReturnType<typeof createPictureService>;

export const MOST_PICTURE_BYTES = 10 * 1024 * 1024;
const MOST_REDIRECTS = 3;
/** Schools that one run looks after. */
const MOST_SCHOOLS = 50;

interface PictureOptions {
  tenancy: Tenancy;
  uploads: UploadService;
  schoolMarks: SchoolMarkService;
  fetch: ReturnType<typeof createPublicFetch>;
}

interface Wanted extends TenantRef {
  img_source: string | null;
  logo_source: string | null;
}

/** Fetches the pictures that schools named, once: what is shown is always a file of the school, drawn anew from its pixels. */
export function createPictureService({ tenancy, uploads, schoolMarks, fetch }: PictureOptions) {
  /** Each step of a redirect is looked at like the first address. */
  async function open(url: string, left = MOST_REDIRECTS): Promise<Readable> {
    if (!/^https?:$/.test(new URL(url).protocol)) throw new Error('neither http nor https');
    const response = await fetch(url, { headers: { accept: 'image/*' } });
    const next = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && next) {
      await response.body?.cancel();
      if (left === 0) throw new Error('too many redirects');
      return open(new URL(next, url).href, left - 1);
    }
    const tooLarge = Number(response.headers.get('content-length') ?? 0) > MOST_PICTURE_BYTES;
    const type = response.headers.get('content-type') ?? '';
    if (response.status !== 200 || tooLarge || !type.startsWith('image/') || !response.body) {
      await response.body?.cancel();
      throw new Error(tooLarge ? 'too large' : `answered ${response.status} ${type}`.trim());
    }
    return Readable.fromWeb(response.body);
  }

  async function* fileOf(url: string): AsyncGenerator<FormFile> {
    const content = await open(url);
    const name = decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '') || 'image';
    yield { name, content, fields: {}, announced: null };
  }

  async function settle(
    { id }: Wanted,
    column: 'img_source' | 'logo_source',
    url: string,
    outcome: { version: string | null } | { refused: string },
  ): Promise<void> {
    const version = 'version' in outcome ? outcome.version : null;
    await tenancy.central(async ({ trx }) => {
      // Another address may have been named meanwhile: that one is still wanted.
      await trx.raw(
        `UPDATE public.directory_profiles SET ?? = CASE WHEN ?? = ? THEN NULL ELSE ?? END,
           img_version = coalesce(?, img_version), version = version + 1 WHERE tenant_id = ?`,
        [column, column, url, column, version, id] as never,
      );
      await auditCentral(trx, SYSTEM, id, {
        action: 'refused' in outcome ? 'directory.refuse_picture' : 'directory.fetch_picture',
        target: { type: 'tenant', id },
        after: { url, ...('refused' in outcome ? { reason: outcome.refused } : {}) },
      });
    });
  }

  async function take(school: Wanted, column: 'img_source' | 'logo_source'): Promise<boolean> {
    const url = school[column];
    if (url === null) return false;
    try {
      let version: string | null = null;
      if (column === 'logo_source') await schoolMarks.set(school, SYSTEM, 'logo', fileOf(url));
      else {
        const [file] = await uploads.upload(school, SYSTEM, fileOf(url), { purpose: 'banner' });
        version = file?.sha256.slice(0, 16) ?? null;
      }
      await settle(school, column, url, { version });
      return true;
    } catch (error) {
      // Whatever is wrong with an address that somebody typed: it is said in the trail, and not tried for ever.
      const cause = (error as Error).cause;
      const reason =
        error instanceof AppError ? error.code : cause instanceof Error ? cause.message : String(error);
      await settle(school, column, url, { refused: reason.slice(0, 200) });
      return false;
    }
  }

  return {
    /** Fetches what waits, of schools that are open. */
    async fetchWanted(signal: AbortSignal): Promise<{ fetched: number; schools: number }> {
      const schools = await tenancy.central(
        async ({ trx }) => {
          const { rows } = await trx.raw(
            `SELECT t.id, t.schema_name AS "schemaName", p.img_source, p.logo_source
             FROM public.directory_profiles p JOIN public.tenants t ON t.id = p.tenant_id
             WHERE t.status = 'active' AND (p.img_source IS NOT NULL OR p.logo_source IS NOT NULL) ORDER BY t.id LIMIT ?`,
            [MOST_SCHOOLS],
          );
          return rows as Wanted[];
        },
        { readOnly: true },
      );
      let fetched = 0;
      for (const school of schools) {
        signal.throwIfAborted();
        for (const column of ['img_source', 'logo_source'] as const)
          if (await take(school, column)) fetched += 1;
      }
      return { fetched, schools: schools.length };
    },
  };
}
