import type { DirectoryQuery } from '@preau/contracts/directory';
import { together, type CentralTrx } from '@preau/tenancy';
import { FORMATS } from '../../platform/formats.ts';
import type { Tenant } from '../tenants/index.ts';

/** `everybody`: schools that show themselves, all or of one network. `members`: all of a network, for those in it. */
export interface DirectoryScope {
  network: string | null;
  view: 'everybody' | 'members';
}

export interface ProfileRow extends Pick<
  Tenant,
  | 'id'
  | 'subdomain'
  | 'name'
  | 'school_type'
  | 'email'
  | 'phone'
  | 'address'
  | 'postal_code'
  | 'city'
  | 'website'
  | 'primary_color'
  | 'secondary_color'
  | 'logo_url'
  | 'schema_name'
> {
  short_description: string;
  long_description: string;
  tags: string[];
  social: { twitter?: string | null; facebook?: string | null; instagram?: string | null };
  legal_documents: string | null;
  map_img: string | null;
  img_version: string | null;
  has_agenda: boolean;
  host: string;
}

type Rows<Row> = PromiseLike<{ rows: Row[] }>;

const COLUMNS = `t.id, t.schema_name, t.subdomain, t.name, t.school_type, t.email, t.phone, t.address, t.postal_code, t.city,
  t.website, t.primary_color, t.secondary_color, t.logo_url, coalesce(p.short_description, '') AS short_description,
  coalesce(p.long_description, '') AS long_description, coalesce(p.tags, '{}') AS tags, coalesce(p.social, '{}') AS social,
  p.legal_documents, p.map_img, p.img_version, coalesce(t.modules_enabled -> 'agenda' = 'true', false) AS has_agenda,
  d.domain AS host`;

/** A change of a school holds at the next question: nothing of it is copied. */
function from({ network, view }: DirectoryScope): string {
  return `FROM public.tenants t
    ${view === 'everybody' ? 'JOIN' : 'LEFT JOIN'} public.directory_profiles p ON p.tenant_id = t.id
    LEFT JOIN public.domains d ON d.tenant_id = t.id AND d.is_primary
    WHERE t.status = 'active' AND t.school_type <> 'network' ${view === 'everybody' ? 'AND p.listed' : ''}
    ${
      network === null
        ? ''
        : `AND EXISTS (SELECT FROM public.network_members m
           WHERE m.network_id = :network AND m.tenant_id = t.id AND m.status = 'accepted')`
    }`;
}

const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
const like = (text: string): string => `%${fold(text).replace(/[\\%_]/g, '\\$&')}%`;

export async function listProfiles(
  trx: CentralTrx,
  scope: DirectoryScope,
  { page = 1, page_size: size = 20, search, school_type: type, tag, city }: DirectoryQuery,
): Promise<{ count: number; rows: ProfileRow[] }> {
  const words = (search ?? '').trim().split(/\s+/).filter(Boolean).slice(0, 6);
  const filters = [
    ...words.map((_, at) => `AND t.search_text LIKE :word${at}`),
    ...(type ? ['AND t.school_type = :type'] : []),
    ...(tag ? ['AND p.tags @> ARRAY[:tag]'] : []),
    ...(city ? ['AND t.search_text LIKE :cityLike AND lower(t.city) = lower(:city)'] : []),
  ].join(' ');
  const bindings = {
    network: scope.network,
    ...Object.fromEntries(words.map((word, at) => [`word${at}`, like(word)])),
    type,
    tag: tag?.toLowerCase(),
    city: city?.trim(),
    cityLike: city ? like(city.trim()) : undefined,
    size,
    offset: (page - 1) * size,
  };
  const known = Object.fromEntries(Object.entries(bindings).filter(([, value]) => value !== undefined));
  const [counted, listed] = await together([
    trx.raw(`SELECT count(*)::int AS count ${from(scope)} ${filters}`, known as never) as Rows<{
      count: number;
    }>,
    trx.raw(
      `SELECT ${COLUMNS} ${from(scope)} ${filters} ORDER BY t.name, t.id LIMIT :size OFFSET :offset`,
      known as never,
    ) as Rows<ProfileRow>,
  ]);
  return { count: counted.rows[0]?.count ?? 0, rows: listed.rows };
}

/** One of them, by id or slug. */
export async function findProfile(
  trx: CentralTrx,
  scope: DirectoryScope,
  idOrSlug: string,
): Promise<ProfileRow | undefined> {
  const by = FORMATS.uuid.test(idOrSlug) ? 't.id = CAST(:name AS uuid)' : 't.subdomain = lower(:name)';
  const { rows } = await trx.raw(`SELECT ${COLUMNS} ${from(scope)} AND ${by}`, {
    name: idOrSlug,
    network: scope.network,
  } as never);
  return rows[0];
}
