import type { TenantCreate } from '@preau/contracts/tenants';
import { SCHOOL_TYPES, type SchoolType } from '@preau/contracts/vocabulary';
import type { Column } from './columns.ts';

type Cells = Partial<Record<Column, string>>;

/** What a line says of a school, before it is checked. Absent where the line says nothing. */
export type DescribedSchool = { -readonly [K in keyof TenantCreate]?: TenantCreate[K] | undefined };

const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();

/** A `lycée` whose only way is the professional one. The directory says it in words, or by marking the ways. */
function isProfessional({ nature = '', general, technological, professional }: Cells): boolean {
  if (/\bpro(fessionnel)?\b/.test(fold(nature))) return true;
  return professional === '1' && general !== '1' && technological !== '1';
}

/** Our word for the ministry's. What is no school for pupils (an inspectorate, a hospital) is left as it is, to be refused. */
function schoolType(cells: Cells): SchoolType | undefined {
  const text = fold(cells.school_type ?? cells.nature ?? '');
  if (text === '') return undefined;
  if (/^lycees?\b/.test(text))
    return isProfessional({ ...cells, nature: `${text} ${cells.nature ?? ''}` }) ? 'lycee_pro' : 'lycee';
  const own = SCHOOL_TYPES.find((type) => type === text.replace(/[ -]+/g, '_'));
  if (own) return own;
  if (/^ecoles?\b/.test(text)) return 'ecole';
  if (/^colleges?\b/.test(text)) return 'college';
  return cells.school_type as SchoolType;
}

/** Digits that a spreadsheet took for a number have lost their first zero, and perhaps won a fraction. */
const digits = (text: string | undefined, length: number): string | undefined => {
  const whole = text?.replace(/\.0+$/, '');
  return whole !== undefined && /^\d+$/.test(whole) && whole.length === length - 1 ? `0${whole}` : whole;
};

/** The lines of an address. The directory's third repeats the postal code and the city. */
function addressOf({
  address,
  address_2,
  address_3,
  postal_code = '',
  city = '',
}: Cells): string | undefined {
  const repeats = (text: string): boolean =>
    (postal_code !== '' && text.includes(postal_code)) || (city !== '' && fold(text).includes(fold(city)));
  const parts = [address, address_2, address_3].filter(
    (part, at): part is string => part !== undefined && (at < 2 || !repeats(part)),
  );
  return parts.length > 0 ? parts.join(', ') : undefined;
}

const whole = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : /^\d+$/.test(text) ? Number(text) : (text as unknown as number);

/** The school that the cells of a line describe. */
export function schoolOfLine(cells: Cells): DescribedSchool {
  const website = cells.website;
  return Object.fromEntries(
    Object.entries({
      uai: cells.uai?.toUpperCase().replaceAll(' ', ''),
      school_name: cells.school_name?.replace(/\s+/g, ' '),
      school_type: schoolType(cells),
      subdomain: cells.subdomain?.toLowerCase(),
      email: cells.email,
      phone: digits(cells.phone, 10),
      address: addressOf(cells)?.replace(/\s+/g, ' '),
      postal_code: digits(cells.postal_code, 5),
      city: cells.city?.replace(/\s+/g, ' '),
      website: website && !/^[a-z]+:\/\//i.test(website) ? `https://${website}` : website,
      network: cells.network?.toLowerCase(),
      primary_color: cells.primary_color?.toUpperCase(),
      secondary_color: cells.secondary_color?.toUpperCase(),
      max_students: whole(cells.max_students),
      max_storage_gb: whole(cells.max_storage_gb),
      paid_until: cells.paid_until,
    }).filter(([, value]) => value !== undefined),
  ) as DescribedSchool;
}
