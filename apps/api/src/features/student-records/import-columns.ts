import { columnFinder } from '../../platform/csv-lines.ts';
import { AppError } from '../../platform/app-error.ts';

const guardian = (at: 1 | 2) => ({
  [`guardian${at}_last_name`]: [`nom_responsable_${at}`, `responsable_${at}_nom`, `guardian_${at}_last_name`],
  [`guardian${at}_first_name`]: [
    `prenom_responsable_${at}`,
    `responsable_${at}_prenom`,
    `guardian_${at}_first_name`,
  ],
  [`guardian${at}_relation`]: [`lien_responsable_${at}`, `responsable_${at}_lien`, `guardian_${at}_relation`],
  [`guardian${at}_email`]: [
    `courriel_responsable_${at}`,
    `responsable_${at}_courriel`,
    `email_responsable_${at}`,
    `guardian_${at}_email`,
  ],
  [`guardian${at}_phone`]: [
    `telephone_responsable_${at}`,
    `responsable_${at}_telephone`,
    `guardian_${at}_phone`,
  ],
});

type GuardianColumn = `guardian${1 | 2}_${'last_name' | 'first_name' | 'relation' | 'email' | 'phone'}`;
export type ImportColumn =
  | 'external_id'
  | 'last_name'
  | 'first_name'
  | 'birth_date'
  | 'class'
  | 'email'
  | 'phone'
  | 'address'
  | GuardianColumn;

/** Headings under which the product finds a column: those of French school software, and its own. The first is the main one. */
export const IMPORT_COLUMNS = {
  external_id: ['ine', 'external_id', 'identifiant', 'id_national', 'numero_ine', 'n_ine', 'num_eleve'],
  last_name: ['nom', 'last_name', 'nom_de_famille', 'nom_eleve'],
  first_name: ['prenom', 'first_name', 'prenom_1', 'prenom_eleve', 'prenoms'],
  birth_date: ['date_de_naissance', 'birth_date', 'ne_e_le', 'date_naissance', 'ne_le', 'date_naiss'],
  class: ['classe', 'class', 'division', 'code_structure', 'libelle_division'],
  email: ['courriel', 'email', 'e_mail', 'mail', 'adresse_electronique'],
  phone: ['telephone', 'phone', 'tel', 'tel_portable', 'portable'],
  address: ['adresse', 'address'],
  ...guardian(1),
  ...guardian(2),
} as unknown as Record<ImportColumn, readonly string[]>;

/** Headings of the template and of the export, as people read them. */
export const HEADINGS: Record<ImportColumn, string> = {
  external_id: 'INE',
  last_name: 'Nom',
  first_name: 'Prénom',
  birth_date: 'Date de naissance',
  class: 'Classe',
  email: 'Courriel',
  phone: 'Téléphone',
  address: 'Adresse',
  guardian1_last_name: 'Nom responsable 1',
  guardian1_first_name: 'Prénom responsable 1',
  guardian1_relation: 'Lien responsable 1',
  guardian1_email: 'Courriel responsable 1',
  guardian1_phone: 'Téléphone responsable 1',
  guardian2_last_name: 'Nom responsable 2',
  guardian2_first_name: 'Prénom responsable 2',
  guardian2_relation: 'Lien responsable 2',
  guardian2_email: 'Courriel responsable 2',
  guardian2_phone: 'Téléphone responsable 2',
};
export const COLUMN_ORDER = Object.keys(HEADINGS) as ImportColumn[];

const find = columnFinder<ImportColumn>(IMPORT_COLUMNS);

/** Throws `import_columns_missing`: without names there is nothing to enter. */
export function columnsOf(headings: readonly string[]) {
  const found = find(headings);
  const missing = (['last_name', 'first_name'] as const).filter((column) => !found.columns.includes(column));
  if (missing.length > 0)
    throw new AppError('import_columns_missing', {
      details: { columns: missing.map((column) => HEADINGS[column]) },
    });
  return found;
}
