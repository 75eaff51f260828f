import type { PublicProfile } from '@preau/contracts/directory';
import type { Place } from '@preau/contracts/places';
import type { FirstAdmin } from '@preau/contracts/tenants';
import { presentProfile } from '../directory/index.ts';
import { presentInvited, type PublicBase } from '../tenants/index.ts';
import type { CreatedPlace } from './place.service.ts';

export const presentPlace = (profile: PublicProfile): Place => ({
  uuid: profile.id,
  organisation: profile.school_name,
  slug: profile.slug,
  short_description: profile.short_description,
  long_description: profile.long_description,
  adress: profile.address || null,
  postal_code: profile.postal_code,
  city: profile.city || null,
  phone: profile.phone,
  email: profile.email,
  site_web: profile.website,
  legal_documents: profile.legal_documents,
  twitter: profile.twitter,
  facebook: profile.facebook,
  instagram: profile.instagram,
  map_img: profile.map_img,
  img_variations: profile.img_variations,
  logo_variations: profile.logo_variations,
  categorie: profile.school_type,
  domain_url: profile.domain_url,
});

/** A school just made: its pictures are still to be fetched, and its first administrator is invited. */
export function presentCreated(
  { detail, invitation, profile }: CreatedPlace,
  base: PublicBase,
): Place & { first_admin: FirstAdmin } {
  const { tenant, domains } = detail;
  const shown = presentProfile(
    {
      id: tenant.id,
      subdomain: tenant.subdomain,
      name: tenant.name,
      school_type: tenant.school_type,
      email: tenant.email,
      phone: tenant.phone,
      address: tenant.address,
      postal_code: tenant.postal_code,
      city: tenant.city,
      website: tenant.website,
      primary_color: tenant.primary_color,
      secondary_color: tenant.secondary_color,
      logo_url: tenant.logo_url,
      schema_name: tenant.schema_name,
      ...profile,
      social: {},
      img_version: null,
      has_agenda: tenant.modules_enabled['agenda'] === true,
      host:
        domains.find(({ is_primary: primary }) => primary)?.domain ?? `${tenant.subdomain}.${base.domain}`,
    },
    base,
  );
  return { ...presentPlace(shown), first_admin: presentInvited(detail, invitation, base) };
}
