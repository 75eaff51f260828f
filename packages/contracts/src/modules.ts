import type { Sentence } from './languages.ts';
import type { SchoolType } from './vocabulary.ts';

export interface ModuleDefinition {
  name: Sentence;
  description: Sentence;
  /** Cannot be switched off. */
  alwaysOn: boolean;
  /** Modules that must be on for this one to be on. */
  dependsOn: readonly string[];
  /** What people notice when it is switched off, besides that its pages and its entry of the menu are gone. */
  whenOff?: Sentence;
  /** On in a new school of these types. */
  defaultFor: readonly SchoolType[];
}

const EVERY_TYPE: readonly SchoolType[] = ['ecole', 'college', 'lycee', 'lycee_pro', 'network'];

/** The modules that exist and work, in the order of the screens. Adding a module is adding a line here and its folders. */
export const MODULES = {
  authentication: {
    name: { fr: 'Connexion', en: 'Authentication' },
    description: { fr: 'Comptes, sessions et invitations.', en: 'Accounts, sessions and invitations.' },
    alwaysOn: true,
    dependsOn: [],
    defaultFor: EVERY_TYPE,
  },
  schools: {
    name: { fr: 'Établissement', en: 'School' },
    description: { fr: 'Identité, couleurs et réglages.', en: 'Identity, colours and settings.' },
    alwaysOn: true,
    dependsOn: [],
    defaultFor: EVERY_TYPE,
  },
  announcements: {
    name: { fr: 'Annonces', en: 'Announcements' },
    description: {
      fr: 'Nouvelles de l’établissement pour tous ses membres.',
      en: 'News of the school for all its members.',
    },
    whenOff: {
      fr: 'Les annonces publiées ne sont plus lisibles, ni par leurs auteurs.',
      en: 'Published announcements can no longer be read, not even by their authors.',
    },
    alwaysOn: false,
    dependsOn: ['schools'],
    defaultFor: EVERY_TYPE,
  },
  agenda: {
    name: { fr: 'Agenda', en: 'Agenda' },
    description: {
      fr: 'Événements de l’établissement, à partager avec le réseau ou avec tous.',
      en: 'Events of the school, to share with its network or with everybody.',
    },
    alwaysOn: false,
    dependsOn: ['schools'],
    defaultFor: EVERY_TYPE,
  },
  messaging: {
    name: { fr: 'Messagerie', en: 'Messages' },
    description: {
      fr: 'Conversations entre membres et avec les groupes.',
      en: 'Conversations between members and with groups.',
    },
    alwaysOn: false,
    dependsOn: ['schools'],
    defaultFor: EVERY_TYPE,
  },
  media: {
    name: { fr: 'Médiathèque', en: 'Media library' },
    description: {
      fr: 'Fichiers de l’établissement : documents, images, sons, vidéos.',
      en: 'Files of the school: documents, pictures, sounds, videos.',
    },
    whenOff: {
      fr: 'Les liens vers ses fichiers ne répondent plus ; les fichiers restent et comptent toujours dans le stockage.',
      en: 'Links to its files no longer answer; the files stay, and still count as storage.',
    },
    alwaysOn: false,
    dependsOn: ['schools'],
    defaultFor: EVERY_TYPE,
  },
  student_records: {
    name: { fr: 'Élèves et classes', en: 'Students and classes' },
    description: {
      fr: 'Élèves, responsables, personnels, classes et années scolaires.',
      en: 'Students, guardians, staff, classes and school years.',
    },
    alwaysOn: false,
    dependsOn: ['schools'],
    defaultFor: ['ecole', 'college', 'lycee', 'lycee_pro'],
  },
} as const satisfies Record<string, ModuleDefinition>;

export type ModuleKey = keyof typeof MODULES;
export const MODULE_KEYS = Object.keys(MODULES) as ModuleKey[];
export type ModulesEnabled = Record<string, boolean>;
