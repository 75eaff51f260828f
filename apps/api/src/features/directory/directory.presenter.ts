import type { AgendaEntry, PublicProfile } from '@preau/contracts/directory';
import { MEDIA_VARIANTS } from '@preau/contracts/media';
import { withOffset } from '../events/index.ts';
import { urlOf, type PublicBase } from '../tenants/index.ts';
import type { AgendaRow } from './agenda.read-model.ts';
import type { ProfileRow } from './directory.read-model.ts';

const variationsOf = (id: string, picture: 'img' | 'logo', version: string | null) =>
  version === null
    ? null
    : Object.fromEntries(
        Object.keys(MEDIA_VARIANTS).map((variant) => [
          variant,
          `/api/v1/directory/${id}/${picture}/${variant}/?v=${version}`,
        ]),
      );

export function presentProfile(row: ProfileRow, base: PublicBase): PublicProfile {
  const logo = /[?&]v=([0-9a-f]+)/.exec(row.logo_url ?? '')?.[1] ?? null;
  return {
    id: row.id,
    slug: row.subdomain,
    school_name: row.name,
    school_type: row.school_type,
    short_description: row.short_description,
    long_description: row.long_description,
    phone: row.phone,
    email: row.email,
    website: row.website,
    address: row.address,
    postal_code: row.postal_code,
    city: row.city,
    twitter: row.social.twitter ?? null,
    facebook: row.social.facebook ?? null,
    instagram: row.social.instagram ?? null,
    legal_documents: row.legal_documents,
    map_img: row.map_img,
    img_variations: variationsOf(row.id, 'img', row.img_version),
    logo_variations: variationsOf(row.id, 'logo', logo),
    tags: row.tags,
    domain_url: urlOf(base, row.host),
    primary_color: row.primary_color,
    secondary_color: row.secondary_color,
    has_agenda: row.has_agenda,
  };
}

export const presentEntry = (row: AgendaRow, base: PublicBase): AgendaEntry => ({
  event_id: row.event_id,
  day: row.day,
  title: row.title,
  description: row.description,
  place: row.place,
  all_day: row.all_day,
  starts_at: withOffset(row.starts_at, row.time_zone),
  ends_at: withOffset(row.ends_at, row.time_zone),
  starts_on: row.starts_on,
  ends_on: row.ends_on,
  tags: row.tags,
  school: {
    id: row.school_id,
    slug: row.slug,
    name: row.school_name,
    city: row.city,
    domain_url: urlOf(base, row.host),
    primary_color: row.primary_color,
  },
});
