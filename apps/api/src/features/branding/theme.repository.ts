import type { CentralTrx } from '@preau/tenancy';
import type { Actor } from '../audit/index.ts';

export interface Colours {
  primary_color: string;
  secondary_color: string;
}
export interface ThemeVersionRow extends Colours {
  version: number;
  from_version: number | null;
  published_by: string | null;
  published_by_name: string | null;
  published_at: Date;
}
export interface ThemeDraftRow extends Colours {
  updated_by: string | null;
  updated_by_name: string;
  updated_at: Date;
}

const VERSION_COLUMNS =
  'version, primary_color, secondary_color, from_version, published_by, published_by_name, published_at';
const nameOf = (actor: Actor): string =>
  actor.type === 'user' ? actor.fullName || actor.label : actor.label;
const personOf = (actor: Actor): string | null => (actor.type === 'user' ? actor.id : null);

/**
 * Puts down that the school's colours change, in the transaction that changes them. The first time, what was before is put down
 * too: it can be brought back.
 */
export async function recordTheme(
  trx: CentralTrx,
  actor: Actor,
  school: { id: string; created_on: Date } & Colours,
  after: Colours,
  fromVersion: number | null = null,
): Promise<void> {
  await trx.raw(
    `INSERT INTO public.theme_versions (tenant_id, version, primary_color, secondary_color, published_at)
     SELECT :id, 1, :primary_color, :secondary_color, :created_on
     WHERE NOT EXISTS (SELECT FROM public.theme_versions WHERE tenant_id = :id)`,
    {
      id: school.id,
      primary_color: school.primary_color,
      secondary_color: school.secondary_color,
      created_on: school.created_on,
    },
  );
  await trx.raw(
    `INSERT INTO public.theme_versions
       (tenant_id, version, primary_color, secondary_color, from_version, published_by, published_by_name)
     SELECT :id, max(version) + 1, :primary_color, :secondary_color, :fromVersion, :by, :name
     FROM public.theme_versions WHERE tenant_id = :id`,
    {
      id: school.id,
      primary_color: after.primary_color,
      secondary_color: after.secondary_color,
      fromVersion: fromVersion as number,
      by: personOf(actor) as string,
      name: nameOf(actor),
    },
  );
  await moveBranding(trx, school.id);
}

/** The draft's validator: it moves with the draft and with the colours that visitors see. */
export async function moveBranding(trx: CentralTrx, tenantId: string): Promise<void> {
  await trx.raw('UPDATE public.tenants SET branding_version = branding_version + 1 WHERE id = ?', [tenantId]);
}

export async function brandingVersion(trx: CentralTrx, tenantId: string): Promise<number> {
  const { rows } = await trx.raw('SELECT branding_version FROM public.tenants WHERE id = ?', [tenantId]);
  return rows[0]?.branding_version ?? 0;
}

export async function saveDraft(
  trx: CentralTrx,
  tenantId: string,
  actor: Actor,
  { primary_color, secondary_color }: Colours,
): Promise<void> {
  await trx.raw(
    `INSERT INTO public.theme_drafts (tenant_id, primary_color, secondary_color, updated_by, updated_by_name)
     VALUES (:tenantId, :primary_color, :secondary_color, :by, :name)
     ON CONFLICT (tenant_id) DO UPDATE SET primary_color = excluded.primary_color,
       secondary_color = excluded.secondary_color, updated_by = excluded.updated_by,
       updated_by_name = excluded.updated_by_name, updated_at = now()`,
    { tenantId, primary_color, secondary_color, by: personOf(actor) as string, name: nameOf(actor) },
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
    `SELECT primary_color, secondary_color, updated_by, updated_by_name, updated_at
     FROM public.theme_drafts WHERE tenant_id = ?`,
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

/** A page of them, newest first; none for a school whose colours were never changed. */
export async function listVersions(
  trx: CentralTrx,
  tenantId: string,
  { page = 1, page_size: size = 20 }: { page?: number; page_size?: number } = {},
): Promise<{ count: number; rows: ThemeVersionRow[] }> {
  const { rows: counted } = await trx.raw(
    'SELECT count(*)::int AS count FROM public.theme_versions WHERE tenant_id = ?',
    [tenantId],
  );
  const { rows } = await trx.raw(
    `SELECT ${VERSION_COLUMNS} FROM public.theme_versions WHERE tenant_id = ?
     ORDER BY version DESC LIMIT ? OFFSET ?`,
    [tenantId, size, (page - 1) * size],
  );
  return { count: counted[0].count, rows };
}
