import type { AgendaQuery, DirectoryQuery } from '@preau/contracts/directory';
import { MOST_RANGE_DAYS } from '@preau/contracts/events';
import type { MediaVariant } from '@preau/contracts/media';
import type { CentralTrx, Tenancy, TenantRef } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import type { TenantSnapshot } from '../current-tenant/index.ts';
import { momentOf, startOfToday } from '../events/index.ts';
import type { SchoolMarkService } from '../branding/index.ts';
import type { ContentService } from '../media/index.ts';
import { firstNetworkId } from '../tenants/index.ts';
import { listAgendaRows, type AgendaAsked, type AgendaRow, type AgendaScope } from './agenda.read-model.ts';
import { findProfile, listProfiles, type DirectoryScope, type ProfileRow } from './directory.read-model.ts';

export type DirectoryService = ReturnType<typeof createDirectoryService>;

const DAY_MS = 86_400_000;
const DEFAULT_RANGE_DAYS = 92;
const DEFAULT_ZONE = 'Europe/Paris';
/** Days that a calendar file holds, and entries. */
const FILE_ENTRIES = 500;

/** A place of the public zone: null at the base. */
type Here = TenantSnapshot | null;
const isNetwork = (tenant: TenantSnapshot): boolean => tenant.theme.value.school_type === 'network';

function asked(
  { from: first, to: end, tag, school, page = 1, page_size: size = 20 }: AgendaQuery,
  zone: string,
) {
  const from = first === undefined ? startOfToday(zone) : momentOf(first, zone);
  const to = end === undefined ? new Date(from.getTime() + DEFAULT_RANGE_DAYS * DAY_MS) : momentOf(end, zone);
  const span = to.getTime() - from.getTime();
  if (span <= 0 || span > (MOST_RANGE_DAYS + 1) * DAY_MS)
    throw new AppError('range_too_long', { details: { limit: MOST_RANGE_DAYS } });
  return { from, to, tag: tag?.toLowerCase(), school, page, size } satisfies AgendaAsked;
}

/** What is seen of many schools at once: from what each wrote down of itself, never by visiting them. */
export function createDirectoryService({
  tenancy,
  content,
  schoolMarks,
}: {
  tenancy: Tenancy;
  content: ContentService;
  schoolMarks: SchoolMarkService;
}) {
  /** The base and the first network show all who show themselves; another network its own of them. */
  const directoryAt = async (here: Here): Promise<DirectoryScope> => {
    if (here && !isNetwork(here)) throw new AppError('not_found');
    const first = here ? await tenancy.central(({ trx }) => firstNetworkId(trx), { readOnly: true }) : null;
    return { network: here && here.id !== first ? here.id : null, view: 'everybody' };
  };

  async function agendaAt(trx: CentralTrx, here: Here): Promise<AgendaScope | null> {
    if (here) return { id: here.id, view: isNetwork(here) ? 'everybody' : 'school' };
    const first = await firstNetworkId(trx);
    return first === null ? null : { id: first, view: 'everybody' };
  }

  const publicAgenda = (here: Here, wanted: AgendaAsked): Promise<{ count: number; rows: AgendaRow[] }> =>
    tenancy.central(
      async ({ trx }) => {
        const scope = await agendaAt(trx, here);
        return scope ? listAgendaRows(trx, scope, wanted) : { count: 0, rows: [] };
      },
      { readOnly: true },
    );

  /** A network that the school is in: the one that is named, its main one, or the one it has been in longest. */
  const networkOf = (tenant: TenantSnapshot, wanted: string | undefined): Promise<string> =>
    tenancy.central(
      async ({ trx }) => {
        if (isNetwork(tenant) && (wanted === undefined || wanted === tenant.id)) return tenant.id;
        const { rows } = await trx.raw(
          `SELECT m.network_id FROM public.network_members m JOIN public.tenants t ON t.id = m.tenant_id
           WHERE m.tenant_id = ? AND m.status = 'accepted' AND (?::uuid IS NULL OR m.network_id = ?::uuid)
           ORDER BY m.network_id IS NOT DISTINCT FROM t.network_id DESC, m.accepted_at, m.network_id LIMIT 1`,
          [tenant.id, wanted ?? null, wanted ?? null] as never,
        );
        if (!rows[0]) throw new AppError('no_network');
        return rows[0].network_id;
      },
      { readOnly: true },
    );

  const agenda = (scope: AgendaScope, query: AgendaAsked): Promise<{ count: number; rows: AgendaRow[] }> =>
    tenancy.central(({ trx }) => listAgendaRows(trx, scope, query), { readOnly: true });

  return {
    async list(here: Here, query: DirectoryQuery): Promise<{ count: number; rows: ProfileRow[] }> {
      const scope = await directoryAt(here);
      return tenancy.central(({ trx }) => listProfiles(trx, scope, query), { readOnly: true });
    },

    async get(here: Here, idOrSlug: string): Promise<ProfileRow> {
      const scope = await directoryAt(here);
      const row = await tenancy.central(({ trx }) => findProfile(trx, scope, idOrSlug), { readOnly: true });
      if (!row) throw new AppError('not_found');
      return row;
    },

    /** Of a school that shows itself. */
    async picture(here: Here, id: string, picture: 'img' | 'logo', variant: MediaVariant, accept?: string) {
      const row = await this.get(here, id);
      const school: TenantRef = { id: row.id, schemaName: row.schema_name };
      if (picture === 'logo') return schoolMarks.smaller(school, row.logo_url, { variant, accept });
      return content.findPurpose(school, 'banner', { variant, accept });
    },

    /** What anybody may see at this place. */
    async agenda(here: Here, query: AgendaQuery): Promise<{ count: number; rows: AgendaRow[] }> {
      return publicAgenda(here, asked(query, here?.settings.timezone ?? DEFAULT_ZONE));
    },

    /** The same, as much as a calendar file holds. */
    async calendar(here: Here, query: Omit<AgendaQuery, 'page' | 'page_size'>): Promise<AgendaRow[]> {
      const wanted = asked(query, here?.settings.timezone ?? DEFAULT_ZONE);
      return (await publicAgenda(here, { ...wanted, page: 1, size: FILE_ENTRIES })).rows;
    },

    /** What the schools of a network share with one another, for somebody of one of them. */
    async networkAgenda(tenant: TenantSnapshot, { network, ...query }: AgendaQuery & { network?: string }) {
      const id = await networkOf(tenant, network);
      return agenda({ id, view: 'members' }, asked(query, tenant.settings.timezone));
    },

    async networkDirectory(
      tenant: TenantSnapshot,
      { network, ...query }: DirectoryQuery & { network?: string },
    ) {
      const scope: DirectoryScope = { network: await networkOf(tenant, network), view: 'members' };
      return tenancy.central(({ trx }) => listProfiles(trx, scope, query), { readOnly: true });
    },
  };
}
