import type { CentralTrx, Tenancy } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import { auditCentral, type Origin } from '../audit/index.ts';
import {
  getTenantDetail,
  lockTenant,
  type Tenant,
  type TenantDetail,
  type TenantService,
} from '../tenants/index.ts';
import {
  brandingVersion,
  findDraft,
  findVersion,
  listVersions,
  removeDraft,
  saveDraft,
  type Colours,
  type ThemeDraftRow,
  type ThemeVersionRow,
} from './theme.repository.ts';

export type BrandingService = ReturnType<typeof createBrandingService>;

/** What an administrator of a school works on. */
export interface Branding {
  /** Its validator: moves with the draft and with the colours that visitors see. */
  version: number;
  draft: ThemeDraftRow | undefined;
  published: ThemeVersionRow;
}

type School = Pick<Tenant, 'id' | 'created_on' | 'primary_color' | 'secondary_color'>;

const coloursOf = ({ primary_color, secondary_color }: Colours): Colours => ({
  primary_color,
  secondary_color,
});
const same = (one: Colours, other: Colours): boolean =>
  one.primary_color.toUpperCase() === other.primary_color.toUpperCase() &&
  one.secondary_color.toUpperCase() === other.secondary_color.toUpperCase();
/** Of a school whose colours were never changed. */
const firstOf = (school: School): ThemeVersionRow => ({
  ...coloursOf(school),
  version: 1,
  from_version: null,
  published_by: null,
  published_by_name: null,
  published_at: school.created_on,
});

/** Colours of a school: tried in a draft, shown to everyone by publishing it, and brought back from what was. */
export function createBrandingService({ tenancy, tenants }: { tenancy: Tenancy; tenants: TenantService }) {
  async function brandingOf(trx: CentralTrx, school: School): Promise<Branding> {
    const { rows } = await listVersions(trx, school.id, { page_size: 1 });
    return {
      version: await brandingVersion(trx, school.id),
      draft: await findDraft(trx, school.id),
      published: rows[0] ?? firstOf(school),
    };
  }

  /** Under the school's lock: two editors of one school queue up, and the second is told. */
  async function locked(trx: CentralTrx, id: string, expected: number | undefined): Promise<Tenant> {
    const school = await lockTenant(trx, id);
    if (expected !== undefined && (await brandingVersion(trx, id)) !== expected)
      throw new AppError('precondition_failed');
    return school;
  }

  return {
    get: (id: string): Promise<Branding> =>
      tenancy.central(async ({ trx }) => brandingOf(trx, (await getTenantDetail(trx, id)).tenant), {
        readOnly: true,
      }),

    saveDraft: (origin: Origin, id: string, colours: Colours, expected?: number): Promise<Branding> =>
      tenancy.central(async ({ trx }) => {
        const school = await locked(trx, id, expected);
        const before = await findDraft(trx, id);
        const after = {
          primary_color: colours.primary_color.toUpperCase(),
          secondary_color: colours.secondary_color.toUpperCase(),
        };
        await saveDraft(trx, id, origin.actor, after);
        await auditCentral(trx, origin, id, {
          action: 'theme.draft',
          target: { type: 'tenant', id },
          ...(before ? { before: coloursOf(before) } : {}),
          after,
        });
        return brandingOf(trx, school);
      }),

    discardDraft: (origin: Origin, id: string, expected?: number): Promise<Branding> =>
      tenancy.central(async ({ trx }) => {
        const school = await locked(trx, id, expected);
        const before = await findDraft(trx, id);
        await removeDraft(trx, id);
        await auditCentral(trx, origin, id, {
          action: 'theme.discard_draft',
          target: { type: 'tenant', id },
          ...(before ? { before: coloursOf(before) } : {}),
        });
        return brandingOf(trx, school);
      }),

    /** The draft becomes what everyone sees, in one transaction with its version, its audit row and the word to all processes. */
    publish: (origin: Origin, id: string, expected?: number): Promise<TenantDetail> =>
      tenants.changeTheme(origin, id, 'theme.publish', async (trx) => {
        await locked(trx, id, expected);
        const draft = await findDraft(trx, id);
        if (!draft) throw new AppError('no_theme_draft');
        await removeDraft(trx, id);
        return { colours: coloursOf(draft), fromVersion: null };
      }),

    rollBack: (origin: Origin, id: string, version: number): Promise<TenantDetail> =>
      tenants.changeTheme(origin, id, 'theme.rollback', async (trx, school) => {
        const found = await findVersion(trx, id, version);
        const wanted = found ?? (version === 1 ? firstOf(school) : undefined);
        if (!wanted) throw new AppError('not_found');
        return { colours: coloursOf(wanted), fromVersion: version };
      }),

    history: (
      id: string,
      query: { page?: number; page_size?: number } = {},
    ): Promise<{ count: number; rows: (ThemeVersionRow & { is_current: boolean })[] }> =>
      tenancy.central(
        async ({ trx }) => {
          const { tenant } = await getTenantDetail(trx, id);
          const { published } = await brandingOf(trx, tenant);
          const { count, rows } = await listVersions(trx, id, query);
          const shown = count === 0 && (query.page ?? 1) === 1 ? [published] : rows;
          return {
            count: Math.max(count, 1),
            rows: shown.map((row) => ({
              ...row,
              is_current: row.version === published.version && same(row, tenant),
            })),
          };
        },
        { readOnly: true },
      ),
  };
}
