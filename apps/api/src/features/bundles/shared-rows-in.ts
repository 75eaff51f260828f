import { randomBytes } from 'node:crypto';
import type { CentralTrx } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { moveBranding } from '../branding/index.ts';
import type { Person, SharedRows } from './shared-rows.ts';

/**
 * Who the people of an archive are here: by their address first, since that is what an account is; by their id where the archive
 * is this installation's own and their address has changed since.
 * @returns the id here of each id there; null for who has no account.
 */
export async function knownPeople(
  ask: <T>(sql: string, values: readonly unknown[]) => Promise<T[]>,
  people: readonly Person[],
  { own }: { own: boolean },
): Promise<{ ids: Map<string, string>; strangers: Person[] }> {
  const found = await ask<{ id: string; email: string }>(
    'SELECT id, email FROM public.users WHERE email = ANY(?::text[]) OR id = ANY(?::uuid[])',
    [people.map(({ email }) => email), people.map(({ id }) => id)],
  );
  const byEmail = new Map(found.map((user) => [user.email, user.id]));
  const taken = new Set(found.map(({ id }) => id));
  const ids = new Map<string, string>();
  const strangers: Person[] = [];
  for (const person of people) {
    const known = byEmail.get(person.email) ?? (own && taken.has(person.id) ? person.id : undefined);
    // An id that is somebody else's here is not this person's.
    const id = known ?? (taken.has(person.id) ? uuidv7() : person.id);
    ids.set(person.id, id);
    if (known === undefined) strangers.push({ ...person, id });
  }
  return { ids, strangers };
}

/** Makes the accounts that are missing, without a password and with an address that has yet to be proved. */
export async function insertStrangers(trx: CentralTrx, strangers: readonly Person[]): Promise<void> {
  await trx.raw(
    `INSERT INTO public.users (id, email, full_name)
     SELECT p.id, lower(p.email), p.full_name FROM jsonb_to_recordset(?::jsonb) AS p (id uuid, email text, full_name text)
     ON CONFLICT (email) DO NOTHING`,
    [JSON.stringify(strangers)],
  );
}

/**
 * The members of a school become those of the archive; whoever came since is a member no more. Seats are those of its students
 * with a record that holds one (`enrolled`), and of those with an account alone.
 */
export async function replaceMembers(
  trx: CentralTrx,
  tenantId: string,
  members: SharedRows['members'],
  ids: ReadonlyMap<string, string>,
  enrolled: number,
): Promise<void> {
  const rows = members.map((member) => ({ ...member, user_id: ids.get(member.user_id) ?? member.user_id }));
  await trx.raw('DELETE FROM public.memberships WHERE tenant_id = ?', [tenantId]);
  await trx.raw(
    `INSERT INTO public.memberships (user_id, tenant_id, role, status, title, phone, created_at, record_kind, record_id, seat_by_record)
     SELECT DISTINCT ON (m.user_id) m.user_id, ?::uuid, m.role, m.status, m.title, m.phone, m.created_at, m.record_kind, m.record_id,
       coalesce(m.seat_by_record, false)
     FROM jsonb_to_recordset(?::jsonb) AS m (user_id uuid, role text, status text, title text, phone text, created_at timestamptz,
       record_kind text, record_id uuid, seat_by_record boolean)
     JOIN public.users u ON u.id = m.user_id ORDER BY m.user_id`,
    [tenantId, JSON.stringify(rows)],
  );
  await trx.raw(
    `UPDATE public.tenant_usage u SET total_users = c.total, student_count = c.students + :enrolled, teacher_count = c.teachers,
       parent_count = c.parents, admin_count = c.admins, staff_count = c.staff
     FROM (SELECT count(*) AS total, count(*) FILTER (WHERE role = 'student' AND NOT seat_by_record) AS students,
         count(*) FILTER (WHERE role = 'teacher') AS teachers, count(*) FILTER (WHERE role = 'parent') AS parents,
         count(*) FILTER (WHERE role = 'admin') AS admins, count(*) FILTER (WHERE role = 'staff') AS staff
       FROM public.memberships WHERE tenant_id = :tenantId AND status = 'active') c
     WHERE u.tenant_id = :tenantId`,
    { tenantId, enrolled },
  );
}

/** Domains that nobody has meanwhile; those that were shown to be the school's elsewhere are to be shown again. */
export async function insertDomains(
  trx: CentralTrx,
  tenantId: string,
  domains: SharedRows['domains'],
  { own }: { own: boolean },
): Promise<void> {
  for (const { domain, kind, redirects, created_at } of domains) {
    if (kind !== 'custom' && !(own && kind === 'alias')) continue;
    await trx.raw(
      `INSERT INTO public.domains (id, tenant_id, domain, kind, is_primary, status, challenge_token, redirects, created_at)
       VALUES (?, ?, ?, ?, false, ?, ?, ?, ?) ON CONFLICT (domain) DO NOTHING`,
      [
        uuidv7(),
        tenantId,
        domain,
        kind,
        kind === 'custom' ? 'pending' : 'active',
        kind === 'custom' ? `preau-${randomBytes(20).toString('hex')}` : null,
        redirects,
        created_at,
      ] as never,
    );
  }
}

export const insertHistory = (trx: CentralTrx, tenantId: string, history: SharedRows['history']) =>
  trx.raw(
    `INSERT INTO public.tenant_daily_stats (tenant_id, day, students, storage_bytes, active_users)
     SELECT ?::uuid, h.day, h.students, h.storage_bytes, h.active_users
     FROM jsonb_to_recordset(?::jsonb) AS h (day date, students int, storage_bytes bigint, active_users int)
     ON CONFLICT (tenant_id, day) DO NOTHING`,
    [tenantId, JSON.stringify(history)],
  );

/** The looks of a school, and the one that is being tried, become those of the archive: its files are those that they name. */
export async function replaceThemes(
  trx: CentralTrx,
  tenantId: string,
  { themes, drafts }: Pick<SharedRows, 'themes' | 'drafts'>,
  ids: ReadonlyMap<string, string>,
): Promise<void> {
  const here = (id: string | null): string | null => (id === null ? null : (ids.get(id) ?? id));
  await trx.raw('DELETE FROM public.theme_versions WHERE tenant_id = ?', [tenantId]);
  await trx.raw('DELETE FROM public.theme_drafts WHERE tenant_id = ?', [tenantId]);
  await trx.raw(
    `INSERT INTO public.theme_versions (tenant_id, version, primary_color, secondary_color, logo, favicon, from_version,
       published_by, published_by_name, published_at)
     SELECT ?::uuid, v.version, v.primary_color, v.secondary_color, v.logo, v.favicon, v.from_version, v.published_by,
       v.published_by_name, v.published_at
     FROM jsonb_to_recordset(?::jsonb) AS v (version int, primary_color text, secondary_color text, logo text, favicon text,
       from_version int, published_by uuid, published_by_name text, published_at timestamptz)`,
    [tenantId, JSON.stringify(themes.map((row) => ({ ...row, published_by: here(row.published_by) })))],
  );
  await trx.raw(
    `INSERT INTO public.theme_drafts (tenant_id, primary_color, secondary_color, logo, favicon, updated_by, updated_by_name, updated_at)
     SELECT ?::uuid, d.primary_color, d.secondary_color, d.logo, d.favicon, d.updated_by, d.updated_by_name, d.updated_at
     FROM jsonb_to_recordset(?::jsonb) AS d (primary_color text, secondary_color text, logo text, favicon text, updated_by uuid,
       updated_by_name text, updated_at timestamptz)`,
    [tenantId, JSON.stringify(drafts.map((row) => ({ ...row, updated_by: here(row.updated_by) })))],
  );
  // Whoever has the editor open is told.
  await moveBranding(trx, tenantId);
}

/** Sets the ledger to what the rows of a school say is stored. */
export async function setStored(trx: CentralTrx, tenantId: string, bytes: number): Promise<void> {
  await trx.raw('UPDATE public.tenant_usage SET storage_bytes = ? WHERE tenant_id = ?', [bytes, tenantId]);
}

/**
 * Has nobody remove what was deleted for good since an archive was made: its rows will speak of those files again. The room they
 * hold is given back as it would have been.
 */
export const spareDeletedFiles = (trx: CentralTrx, tenantId: string) =>
  trx.raw(
    "UPDATE public.storage_reservations SET storage_keys = '{}' WHERE tenant_id = ? AND expires_at <= now()",
    [tenantId],
  );
