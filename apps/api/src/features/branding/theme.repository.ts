import { VERSIONS_WITH_PICTURES } from '@preau/contracts/branding';
import type { CentralTrx } from '@preau/tenancy';
import type { Actor } from '../audit/index.ts';
import { lookOf, picturesOf, type Look, type LookColumns } from './look.ts';

export interface ThemeVersionRow extends Look {
  version: number;
  from_version: number | null;
  published_by: string | null;
  published_by_name: string | null;
  published_at: Date;
}
export interface ThemeDraftRow extends Look {
  updated_by: string | null;
  updated_by_name: string;
  updated_at: Date;
}

const LOOK_COLUMNS = 'primary_color, secondary_color, logo, favicon';
const VERSION_COLUMNS = `version, ${LOOK_COLUMNS}, from_version, published_by, published_by_name, published_at`;
const nameOf = (actor: Actor): string =>
  actor.type === 'user' ? actor.fullName || actor.label : actor.label;
const personOf = (actor: Actor): string | null => (actor.type === 'user' ? actor.id : null);
const bound = ({ primary_color, secondary_color, logo, favicon }: Look) => ({
  primary_color,
  secondary_color,
  logo: logo as string,
  favicon: favicon as string,
});

/**
 * Puts down that the school's look changes, in the transaction that changes it. The first time, what was before is put down
 * too: it can be brought back.
 */
export async function recordTheme(
  trx: CentralTrx,
  actor: Actor,
  school: { id: string; created_on: Date } & LookColumns,
  after: Look,
  fromVersion: number | null = null,
): Promise<void> {
  await trx.raw(
    `INSERT INTO public.theme_versions (tenant_id, version, ${LOOK_COLUMNS}, published_at)
     SELECT :id, 1, :primary_color, :secondary_color, :logo, :favicon, :created_on
     WHERE NOT EXISTS (SELECT FROM public.theme_versions WHERE tenant_id = :id)`,
    { id: school.id, ...bound(lookOf(school)), created_on: school.created_on },
  );
  await trx.raw(
    `INSERT INTO public.theme_versions
       (tenant_id, version, ${LOOK_COLUMNS}, from_version, published_by, published_by_name)
     SELECT :id, max(version) + 1, :primary_color, :secondary_color, :logo, :favicon, :fromVersion, :by, :name
     FROM public.theme_versions WHERE tenant_id = :id`,
    {
      id: school.id,
      ...bound(after),
      fromVersion: fromVersion as number,
      by: personOf(actor) as string,
      name: nameOf(actor),
    },
  );
  await moveBranding(trx, school.id);
}

/** The draft's validator: it moves with the draft and with the look that visitors see. */
export async function moveBranding(trx: CentralTrx, tenantId: string): Promise<void> {
  await trx.raw('UPDATE public.tenants SET branding_version = branding_version + 1 WHERE id = ?', [tenantId]);
}

export async function brandingVersion(trx: CentralTrx, tenantId: string): Promise<number> {
  const { rows } = await trx.raw('SELECT branding_version FROM public.tenants WHERE id = ?', [tenantId]);
  return rows[0]?.branding_version ?? 0;
}

export async function saveDraft(trx: CentralTrx, tenantId: string, actor: Actor, look: Look): Promise<void> {
  await trx.raw(
    `INSERT INTO public.theme_drafts (tenant_id, ${LOOK_COLUMNS}, updated_by, updated_by_name)
     VALUES (:tenantId, :primary_color, :secondary_color, :logo, :favicon, :by, :name)
     ON CONFLICT (tenant_id) DO UPDATE SET primary_color = excluded.primary_color,
       secondary_color = excluded.secondary_color, logo = excluded.logo, favicon = excluded.favicon,
       updated_by = excluded.updated_by, updated_by_name = excluded.updated_by_name, updated_at = now()`,
    { tenantId, ...bound(look), by: personOf(actor) as string, name: nameOf(actor) },
  );
  await moveBranding(trx, tenantId);
}

/** @returns whether there was one. */
export async function removeDraft(trx: CentralTrx, tenantId: string): Promise<boolean> {
  const { rows } = await trx.raw('DELETE FROM public.theme_drafts WHERE tenant_id = ? RETURNING 1', [
    tenantId,
  ]);
  if (rows.length > 0) await moveBranding(trx, tenantId);
  return rows.length > 0;
}

export async function findDraft(trx: CentralTrx, tenantId: string): Promise<ThemeDraftRow | undefined> {
  const { rows } = await trx.raw(
    `SELECT ${LOOK_COLUMNS}, updated_by, updated_by_name, updated_at FROM public.theme_drafts WHERE tenant_id = ?`,
    [tenantId],
  );
  return rows[0];
}

export async function findVersion(
  trx: CentralTrx,
  tenantId: string,
  version: number,
): Promise<ThemeVersionRow | undefined> {
  const { rows } = await trx.raw(
    `SELECT ${VERSION_COLUMNS} FROM public.theme_versions WHERE tenant_id = ? AND version = ?`,
    [tenantId, version],
  );
  return rows[0];
}

/** Number of the newest; 1 for a school whose look was never changed. */
export async function newestVersion(trx: CentralTrx, tenantId: string): Promise<number> {
  const { rows } = await trx.raw(
    'SELECT coalesce(max(version), 1)::int AS newest FROM public.theme_versions WHERE tenant_id = ?',
    [tenantId],
  );
  return rows[0].newest;
}

/** Whether a version's pictures are kept: those of the newest ones are. */
export const keepsPictures = (version: number, newest: number): boolean =>
  version > newest - VERSIONS_WITH_PICTURES;

/** A page of them, newest first; none for a school whose look was never changed. `before` is the one that the last of them followed. */
export async function listVersions(
  trx: CentralTrx,
  tenantId: string,
  { page = 1, page_size: size = 20 }: { page?: number; page_size?: number } = {},
): Promise<{ count: number; rows: ThemeVersionRow[]; before: ThemeVersionRow | undefined }> {
  const { rows: counted } = await trx.raw(
    'SELECT count(*)::int AS count FROM public.theme_versions WHERE tenant_id = ?',
    [tenantId],
  );
  const { rows } = await trx.raw(
    `SELECT ${VERSION_COLUMNS} FROM public.theme_versions WHERE tenant_id = ?
     ORDER BY version DESC LIMIT ? OFFSET ?`,
    [tenantId, size + 1, (page - 1) * size],
  );
  return { count: counted[0].count, rows: rows.slice(0, size), before: rows[size] };
}

/** Names of the pictures that visitors see, the draft shows or a version that keeps its own would bring back. */
export async function picturesNeeded(trx: CentralTrx, tenantId: string): Promise<Set<string>> {
  const { rows: published } = await trx.raw<{ rows: LookColumns[] }>(
    'SELECT primary_color, secondary_color, logo_url, favicon_url FROM public.tenants WHERE id = ?',
    [tenantId],
  );
  const { rows } = await trx.raw<{ rows: Pick<Look, 'logo' | 'favicon'>[] }>(
    `SELECT logo, favicon FROM public.theme_drafts WHERE tenant_id = :tenantId
     UNION ALL SELECT logo, favicon FROM public.theme_versions
     WHERE tenant_id = :tenantId
       AND version > (SELECT max(version) FROM public.theme_versions WHERE tenant_id = :tenantId) - :kept`,
    { tenantId, kept: VERSIONS_WITH_PICTURES },
  );
  return new Set([...published.map(lookOf), ...rows].flatMap(picturesOf));
}
