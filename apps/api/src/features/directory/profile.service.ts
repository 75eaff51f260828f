import type { OwnProfile, ProfilePatch } from '@preau/contracts/networks';
import type { CentralTrx, Tenancy } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import { auditCentral, type Origin } from '../audit/index.ts';
import type { JobService } from '../jobs/index.ts';
import { enterNetwork, firstNetworkId, leaveNetwork, lockTenant } from '../tenants/index.ts';
import { FETCH_PICTURE } from './job-kinds.ts';

export type ProfileService = ReturnType<typeof createProfileService>;

interface Row {
  listed: boolean;
  short_description: string;
  long_description: string;
  tags: string[];
  social: Record<string, string | null>;
  legal_documents: string | null;
  map_img: string | null;
  img_source: string | null;
  logo_source: string | null;
  img_version: string | null;
  version: number;
}

/** What a school is made with, besides what it may change itself: its logo has routes of its own. */
type ProfileInput = ProfilePatch & { logo_url?: string };

const BLANK: Row = {
  listed: false,
  short_description: '',
  long_description: '',
  tags: [],
  social: {},
  legal_documents: null,
  map_img: null,
  img_source: null,
  logo_source: null,
  img_version: null,
  version: 1,
};
const SOCIAL = ['twitter', 'facebook', 'instagram'] as const;

const presented = (row: Row): OwnProfile => ({
  listed: row.listed,
  short_description: row.short_description,
  long_description: row.long_description,
  tags: row.tags,
  twitter: row.social['twitter'] ?? null,
  facebook: row.social['facebook'] ?? null,
  instagram: row.social['instagram'] ?? null,
  legal_documents: row.legal_documents,
  map_img: row.map_img,
  img_url: row.img_source,
  has_img: row.img_version !== null,
});

async function find(trx: CentralTrx, tenantId: string): Promise<Row> {
  const { rows } = await trx.raw('SELECT * FROM public.directory_profiles WHERE tenant_id = ?', [tenantId]);
  return rows[0] ?? BLANK;
}

/** What a school shows of itself, and whether it does. */
export function createProfileService({ tenancy, jobs }: { tenancy: Tenancy; jobs: JobService }) {
  /** In the caller's transaction: with the school itself, where that is just made. */
  async function write(
    trx: CentralTrx,
    tenantId: string,
    origin: Origin,
    input: ProfileInput,
    expected?: number,
  ): Promise<{ profile: OwnProfile; version: number }> {
    const tenant = await lockTenant(trx, tenantId);
    const before = await find(trx, tenantId);
    if (expected !== undefined && before.version !== expected) throw new AppError('precondition_failed');
    const social = { ...before.social };
    for (const name of SOCIAL) if (input[name] !== undefined) social[name] = input[name];
    const after: Row = {
      listed: input.listed ?? before.listed,
      short_description: input.short_description?.trim() ?? before.short_description,
      long_description: input.long_description?.trim() ?? before.long_description,
      tags: input.tags ? [...new Set(input.tags.map((tag) => tag.trim().toLowerCase()))] : before.tags,
      social,
      legal_documents: input.legal_documents === undefined ? before.legal_documents : input.legal_documents,
      map_img: input.map_img === undefined ? before.map_img : input.map_img,
      img_source: input.img_url === undefined ? before.img_source : input.img_url,
      logo_source: input.logo_url ?? before.logo_source,
      img_version: input.img_url === null ? null : before.img_version,
      version: before.version + 1,
    };
    await trx.raw(
      `INSERT INTO public.directory_profiles
         (tenant_id, listed, short_description, long_description, tags, social, legal_documents, map_img, img_source, logo_source,
          img_version, version)
       VALUES (?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (tenant_id) DO UPDATE SET listed = excluded.listed, short_description = excluded.short_description,
         long_description = excluded.long_description, tags = excluded.tags, social = excluded.social,
         legal_documents = excluded.legal_documents, map_img = excluded.map_img, img_source = excluded.img_source,
         logo_source = excluded.logo_source, img_version = excluded.img_version, version = excluded.version`,
      [
        tenantId,
        after.listed,
        after.short_description,
        after.long_description,
        after.tags,
        JSON.stringify(after.social),
        after.legal_documents,
        after.map_img,
        after.img_source,
        after.logo_source,
        after.img_version,
        after.version,
      ] as never,
    );
    // The first network is of all who show themselves.
    const first = tenant.school_type === 'network' ? null : await firstNetworkId(trx);
    if (first !== null && after.listed && !before.listed) await enterNetwork(trx, first, tenantId);
    if (first !== null && !after.listed && before.listed && tenant.network_id !== first)
      await leaveNetwork(trx, first, tenantId);
    if (input.img_url && tenant.provisioned_at)
      await jobs.start(trx, origin, { kind: FETCH_PICTURE, tenantId, payload: {} });
    const { version: _, ...shownBefore } = before;
    const { version: __, ...shownAfter } = after;
    await auditCentral(trx, origin, tenantId, {
      action: 'directory.update_profile',
      target: { type: 'tenant', id: tenantId },
      before: shownBefore,
      after: shownAfter,
    });
    return { profile: presented(after), version: after.version };
  }

  return {
    get: (tenantId: string): Promise<{ profile: OwnProfile; version: number }> =>
      tenancy.central(
        async ({ trx }) => {
          const row = await find(trx, tenantId);
          return { profile: presented(row), version: row.version };
        },
        { readOnly: true },
      ),

    write,

    update: (
      tenantId: string,
      origin: Origin,
      input: ProfilePatch,
      expected?: number,
    ): Promise<{ profile: OwnProfile; version: number }> =>
      tenancy.central(({ trx }) => write(trx, tenantId, origin, input, expected)),

    /** Has the pictures that were named before a school had its space fetched now, and not at the next round. */
    fetchPictures: (origin: Origin, tenantId: string): Promise<unknown> =>
      tenancy.central(({ trx }) => jobs.start(trx, origin, { kind: FETCH_PICTURE, tenantId, payload: {} })),
  };
}
