import { LOOK_PARTS, type LookPart, type ThemeDraftInput } from '@preau/contracts/branding';
import type { CentralTrx, Tenancy, TenantRef } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import { auditCentral, type Origin } from '../audit/index.ts';
import {
  getTenantDetail,
  lockTenant,
  type Tenant,
  type TenantDetail,
  type TenantService,
} from '../tenants/index.ts';
import { differenceOf, lookOf, picturesOf, type Look } from './look.ts';
import type { ThemePictures } from './theme-pictures.service.ts';
import {
  brandingVersion,
  findDraft,
  findVersion,
  keepsPictures,
  listVersions,
  newestVersion,
  picturesNeeded,
  removeDraft,
  saveDraft,
  type ThemeDraftRow,
  type ThemeVersionRow,
} from './theme.repository.ts';

export type BrandingService = ReturnType<typeof createBrandingService>;

/** What an administrator of a school works on. */
export interface Branding {
  /** Its validator: moves with the draft and with the look that visitors see. */
  version: number;
  draft: ThemeDraftRow | undefined;
  published: ShownVersion;
}

/** A version as the history tells it. */
export interface ShownVersion extends ThemeVersionRow {
  is_current: boolean;
  pictures_kept: boolean;
  changed: LookPart[];
}

type School = Pick<
  Tenant,
  'id' | 'created_on' | 'primary_color' | 'secondary_color' | 'logo_url' | 'favicon_url'
>;

/** Of a school whose look was never changed. */
const firstOf = (school: School): ThemeVersionRow => ({
  ...lookOf(school),
  version: 1,
  from_version: null,
  published_by: null,
  published_by_name: null,
  published_at: school.created_on,
});
const partsOf = (look: Look): Look =>
  Object.fromEntries(LOOK_PARTS.map((part) => [part, look[part]])) as unknown as Look;

interface Options {
  tenancy: Tenancy;
  tenants: TenantService;
  pictures: ThemePictures;
  onError: (error: unknown) => void;
}

/** The look of a school: tried in a draft, shown to everyone by publishing it, and brought back from what was. */
export function createBrandingService({ tenancy, tenants, pictures, onError }: Options) {
  async function shownVersions(
    trx: CentralTrx,
    school: School,
    query: { page?: number; page_size?: number },
  ): Promise<{ count: number; rows: ShownVersion[] }> {
    const { count, rows, before } = await listVersions(trx, school.id, query);
    const newest = await newestVersion(trx, school.id);
    const listed = count === 0 && (query.page ?? 1) === 1 ? [firstOf(school)] : rows;
    const current = lookOf(school);
    return {
      count: Math.max(count, 1),
      rows: listed.map((row, at) => {
        const earlier = listed[at + 1] ?? before;
        return {
          ...row,
          is_current: row.version === newest && differenceOf(row, current).length === 0,
          pictures_kept: keepsPictures(row.version, newest),
          changed: earlier ? differenceOf(row, earlier) : [],
        };
      }),
    };
  }

  async function brandingOf(trx: CentralTrx, school: School): Promise<Branding> {
    const { rows } = await shownVersions(trx, school, { page_size: 1 });
    return {
      version: await brandingVersion(trx, school.id),
      draft: await findDraft(trx, school.id),
      published: rows[0] as ShownVersion,
    };
  }

  /** Under the school's lock: two editors of one school queue up, and the second is told. */
  async function locked(trx: CentralTrx, id: string, expected: number | undefined): Promise<Tenant> {
    const school = await lockTenant(trx, id);
    if (expected !== undefined && (await brandingVersion(trx, id)) !== expected)
      throw new AppError('precondition_failed');
    return school;
  }

  const read = <R>(fn: (trx: CentralTrx) => Promise<R>): Promise<R> =>
    tenancy.central(({ trx }) => fn(trx), { readOnly: true });

  /** Asked before the school is locked: its files are read in a transaction of their own. Throws `theme_picture_gone`. */
  async function expectPictures(tenant: TenantRef, look: Look | undefined): Promise<void> {
    const names = look ? picturesOf(look) : [];
    const there = await pictures.there(tenant, names);
    if (names.some((name) => !there.has(name))) throw new AppError('theme_picture_gone');
  }

  /** What this took out of use is deleted if it is old enough; what fails is done at night. */
  async function tidied<R>(tenant: TenantRef, origin: Origin, done: R): Promise<R> {
    await pictures.collect(tenant, origin).catch(onError);
    return done;
  }

  return {
    get: (id: string): Promise<Branding> =>
      read(async (trx) => brandingOf(trx, (await getTenantDetail(trx, id)).tenant)),

    async saveDraft(
      origin: Origin,
      tenant: TenantRef,
      { primary_color, secondary_color, ...named }: ThemeDraftInput,
      expected?: number,
    ): Promise<Branding> {
      const { id } = tenant;
      const asked = picturesOf({ logo: named.logo ?? null, favicon: named.favicon ?? null });
      const there = await pictures.there(tenant, asked);
      return tenancy.central(async ({ trx }) => {
        const school = await locked(trx, id, expected);
        const before = await findDraft(trx, id);
        const { logo, favicon } = before ?? lookOf(school);
        // Of what nobody names, only what was just sent: the rest may be being deleted.
        const needed = asked.length > 0 ? await picturesNeeded(trx, id) : null;
        if (asked.some((name) => !there.has(name) || !(there.get(name)?.fresh || needed?.has(name))))
          throw new AppError('theme_picture_gone');
        const after = {
          primary_color: primary_color.toUpperCase(),
          secondary_color: secondary_color.toUpperCase(),
          logo: named.logo === undefined ? logo : named.logo,
          favicon: named.favicon === undefined ? favicon : named.favicon,
        };
        await saveDraft(trx, id, origin.actor, after);
        await auditCentral(trx, origin, id, {
          action: 'theme.draft',
          target: { type: 'tenant', id },
          ...(before ? { before: partsOf(before) } : {}),
          after,
        });
        return brandingOf(trx, school);
      });
    },

    async discardDraft(origin: Origin, tenant: TenantRef, expected?: number): Promise<Branding> {
      const { id } = tenant;
      const left = await tenancy.central(async ({ trx }) => {
        const school = await locked(trx, id, expected);
        const before = await findDraft(trx, id);
        await removeDraft(trx, id);
        await auditCentral(trx, origin, id, {
          action: 'theme.discard_draft',
          target: { type: 'tenant', id },
          ...(before ? { before: partsOf(before) } : {}),
        });
        return brandingOf(trx, school);
      });
      return tidied(tenant, origin, left);
    },

    /** The draft becomes what everyone sees, in one transaction with its version, its audit row and the word to all processes. */
    async publish(origin: Origin, tenant: TenantRef, expected?: number): Promise<TenantDetail> {
      const { id } = tenant;
      await expectPictures(tenant, await read((trx) => findDraft(trx, id)));
      const detail = await tenants.changeLook(origin, id, 'theme.publish', async (trx) => {
        await locked(trx, id, expected);
        const draft = await findDraft(trx, id);
        if (!draft) throw new AppError('no_theme_draft');
        await removeDraft(trx, id);
        return { look: partsOf(draft), fromVersion: null };
      });
      return tidied(tenant, origin, detail);
    },

    /** Of a version whose pictures are kept no more, the colours come back alone. */
    async rollBack(origin: Origin, tenant: TenantRef, version: number): Promise<TenantDetail> {
      const { id } = tenant;
      const wanted = async (trx: CentralTrx, school: School): Promise<Look> => {
        const found = (await findVersion(trx, id, version)) ?? (version === 1 ? firstOf(school) : undefined);
        if (!found) throw new AppError('not_found');
        const kept = keepsPictures(version, await newestVersion(trx, id));
        const { logo, favicon } = kept ? found : lookOf(school);
        return { ...partsOf(found), logo, favicon };
      };
      await expectPictures(
        tenant,
        await read(async (trx) => wanted(trx, (await getTenantDetail(trx, id)).tenant)),
      );
      const detail = await tenants.changeLook(origin, id, 'theme.rollback', async (trx, school) => ({
        look: await wanted(trx, school),
        fromVersion: version,
      }));
      return tidied(tenant, origin, detail);
    },

    history: (
      id: string,
      query: { page?: number; page_size?: number } = {},
    ): Promise<{ count: number; rows: ShownVersion[] }> =>
      read(async (trx) => shownVersions(trx, (await getTenantDetail(trx, id)).tenant, query)),
  };
}
