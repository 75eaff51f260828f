import type { SchoolRole } from '@preau/contracts/vocabulary';
import type { SchoolReader } from '@preau/tenancy';
import type { ArchiveWriter } from './archive-writer.ts';
import { SCHOOL, type School } from './bundle-format.ts';
import type { Scrubber } from './scrub.ts';

/**
 * Every shared table that has rows of a school: what becomes of them in an archive. Credentials are in none: who comes back
 * with an erased school finds the way in by the mail that resets a password.
 */
export const SHARED_TABLES: Readonly<Record<string, 'carried' | 'left out' | 'reckoned'>> = {
  tenants: 'carried',
  domains: 'carried',
  memberships: 'carried',
  tenant_daily_stats: 'carried',
  theme_versions: 'carried',
  theme_drafts: 'carried',
  tenant_usage: 'reckoned',
  storage_reservations: 'left out',
  api_keys: 'left out',
  sessions: 'left out',
  invitations: 'left out',
  registrations: 'left out',
  signups: 'left out',
  password_resets: 'left out',
  passkeys: 'left out',
  mails: 'left out',
  notification_mails_due: 'left out',
  jobs: 'left out',
  support_grants: 'left out',
  single_sign_on: 'left out',
  single_sign_on_attempts: 'left out',
  external_identities: 'left out',
  bundles: 'left out',
  bundle_restores: 'left out',
  // A group of the platform is not the school's to take along.
  public_group_members: 'left out',
  calendar_feeds: 'left out',
  network_members: 'left out',
  directory_profiles: 'left out',
  // Made again of the school's own rows.
  agenda_events: 'reckoned',
  agenda_entries: 'reckoned',
  // Of the minute.
  realtime_messages: 'left out',
  realtime_presence: 'left out',
  announcements_due: 'reckoned',
};

export interface Person {
  id: string;
  email: string;
  full_name: string;
}

export interface Member {
  user_id: string;
  role: SchoolRole;
  status: 'pending' | 'active';
  title: string | null;
  phone: string | null;
  created_at: string;
  /** Their record in the roster. Archives from before there was one say nothing. */
  record_kind?: string | null;
  record_id?: string | null;
  seat_by_record?: boolean;
}

export interface CarriedDomain {
  domain: string;
  kind: 'subdomain' | 'alias' | 'custom' | 'former';
  is_primary: boolean;
  redirects: boolean;
  created_at: string;
}

export interface DayOfHistory {
  day: string;
  students: number;
  storage_bytes: number;
  active_users: number;
}

interface CarriedLook {
  primary_color: string;
  secondary_color: string;
  logo: string | null;
  favicon: string | null;
}

/** A version of the school's look. */
export interface CarriedTheme extends CarriedLook {
  version: number;
  from_version: number | null;
  published_by: string | null;
  published_by_name: string | null;
  published_at: string;
}

/** The look that is being tried, if one is. */
export interface CarriedDraft extends CarriedLook {
  updated_by: string | null;
  updated_by_name: string;
  updated_at: string;
}

/** What a school has in the shared tables. As many rows as it has people, domains and days. */
export interface SharedRows {
  people: Person[];
  members: Member[];
  domains: CarriedDomain[];
  history: DayOfHistory[];
  /** Archives from before they were carried have neither. */
  themes: CarriedTheme[];
  drafts: CarriedDraft[];
}

export const noSharedRows = (): SharedRows => ({
  people: [],
  members: [],
  domains: [],
  history: [],
  themes: [],
  drafts: [],
});

export const SHARED_PARTS: Readonly<Record<keyof SharedRows, string>> = {
  people: 'shared/people.ndjson',
  members: 'shared/members.ndjson',
  domains: 'shared/domains.ndjson',
  history: 'shared/history.ndjson',
  themes: 'shared/themes.ndjson',
  drafts: 'shared/theme-draft.ndjson',
};

const SCHOOL_COLUMNS = `id, subdomain, name, school_type, email, phone, address, postal_code, city, website, uai, primary_color,
  secondary_color, logo_url, favicon_url, modules_enabled, settings, created_on`;
const PLATFORM_COLUMNS = 'max_students, max_storage_gb, network_id, paid_until';

type Line = { line: string };

/** Writes the shared rows of a school. An export is of the school alone: what the platform gave it or counted is left out. */
export async function writeShared(
  reader: SchoolReader,
  archive: ArchiveWriter,
  tenantId: string,
  { forExport, scrubber }: { forExport: boolean; scrubber: Scrubber | null },
): Promise<void> {
  const ask = async <T>(sql: string): Promise<T[]> =>
    (await reader.askShared<Line>(`SELECT to_jsonb(r)::text AS line FROM (${sql}) r`, [tenantId])).map(
      ({ line }) => JSON.parse(line) as T,
    );
  const write = (part: keyof SharedRows, rows: readonly object[]) =>
    archive.part(SHARED_PARTS[part], rows.map((row) => `${JSON.stringify(row)}\n`).join(''));

  const [school] = await ask<School>(
    `SELECT ${SCHOOL_COLUMNS}${forExport ? '' : `, ${PLATFORM_COLUMNS}`} FROM public.tenants WHERE id = ?`,
  );
  if (!school) throw new Error('The school is gone');
  const people = await ask<Person>(
    `SELECT u.id, u.email, u.full_name FROM public.memberships m JOIN public.users u ON u.id = m.user_id
     WHERE m.tenant_id = ? ORDER BY u.id`,
  );
  // Before anything is invented, so that no invention is somebody's name.
  scrubber?.know(people);
  await archive.part(SCHOOL, `${JSON.stringify(scrubber?.school(school) ?? school, null, 2)}\n`);
  await write('people', scrubber ? people.map(scrubber.person) : people);
  const members = await ask<Member>(
    `SELECT user_id, role, status, title, phone, created_at, record_kind, record_id, seat_by_record
     FROM public.memberships WHERE tenant_id = ? ORDER BY user_id`,
  );
  await write('members', scrubber ? members.map(scrubber.member) : members);
  const themes = await ask<CarriedTheme>(
    `SELECT version, primary_color, secondary_color, logo, favicon, from_version, published_by, published_by_name, published_at
     FROM public.theme_versions WHERE tenant_id = ? ORDER BY version`,
  );
  await write('themes', scrubber ? themes.map(scrubber.theme) : themes);
  const drafts = await ask<CarriedDraft>(
    `SELECT primary_color, secondary_color, logo, favicon, updated_by, updated_by_name, updated_at
     FROM public.theme_drafts WHERE tenant_id = ?`,
  );
  await write('drafts', scrubber ? drafts.map(scrubber.draft) : drafts);
  if (forExport) {
    // The school's own names; whether they answer here says nothing of elsewhere.
    const domains = await ask<object>(
      `SELECT domain, kind, false AS is_primary, false AS redirects, created_at FROM public.domains
       WHERE tenant_id = ? AND kind = 'custom' ORDER BY domain COLLATE "C"`,
    );
    return write('domains', domains);
  }
  await write(
    'domains',
    scrubber
      ? []
      : await ask<CarriedDomain>(
          `SELECT domain, kind, is_primary, redirects, created_at FROM public.domains
           WHERE tenant_id = ? AND kind <> 'former' ORDER BY domain COLLATE "C"`,
        ),
  );
  await write(
    'history',
    await ask<DayOfHistory>(
      'SELECT day, students, storage_bytes, active_users FROM public.tenant_daily_stats WHERE tenant_id = ? ORDER BY day',
    ),
  );
}
