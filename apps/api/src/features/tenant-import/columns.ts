import { columnFinder } from '../../platform/csv-lines.ts';

/**
 * What the product knows of a line, and the headings under which it finds it: its own, and those of the open data of the
 * French ministry of education (the directory of schools, and the older file of their addresses). The first is the main one.
 */
const COLUMNS = {
  uai: ['uai', 'identifiant_de_l_etablissement', 'numero_uai', 'code_uai', 'code_etablissement', 'rne'],
  school_name: ['school_name', 'nom_etablissement', 'name', 'appellation_officielle', 'nom'],
  school_type: ['school_type', 'type_etablissement', 'type'],
  nature: ['libelle_nature', 'nature_uai_libe', 'nature'],
  general: ['voie_generale'],
  technological: ['voie_technologique'],
  professional: ['voie_professionnelle'],
  subdomain: ['subdomain', 'sous_domaine'],
  email: ['email', 'mail', 'courriel', 'e_mail'],
  phone: ['phone', 'telephone', 'tel'],
  address: ['address', 'adresse_1', 'adresse', 'adresse_uai'],
  address_2: ['adresse_2', 'address_2', 'lieu_dit_uai'],
  address_3: ['adresse_3', 'address_3'],
  postal_code: ['postal_code', 'code_postal', 'code_postal_uai'],
  city: ['city', 'nom_commune', 'libelle_commune', 'commune', 'ville'],
  website: ['website', 'web', 'site_web', 'site_internet'],
  network: ['network', 'reseau'],
  primary_color: ['primary_color'],
  secondary_color: ['secondary_color'],
  max_students: ['max_students'],
  max_storage_gb: ['max_storage_gb'],
  paid_until: ['paid_until'],
} as const satisfies Record<string, readonly string[]>;

export type Column = keyof typeof COLUMNS;

export const findColumns = columnFinder<Column>(COLUMNS);
