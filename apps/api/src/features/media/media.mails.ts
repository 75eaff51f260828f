import { BYTES_PER_GB } from '@preau/contracts/units';
import { defineMail, type MailDefinition } from '../mail/index.ts';

export const STORAGE_LEVEL = 'media.storage_level';

const gigabytes = (bytes: number, language: 'fr' | 'en'): string =>
  new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(bytes / BYTES_PER_GB);

const level = defineMail<{ level: number; used: number; limit: number }>({
  kind: STORAGE_LEVEL,
  validHours: 72,
  texts: {
    fr: ({ level: passed, used, limit }, site) => ({
      subject:
        passed >= 100
          ? `Espace de stockage plein : ${site.name}`
          : `Espace de stockage occupé à ${passed} % : ${site.name}`,
      paragraphs: [
        `Les fichiers de ${site.name} occupent ${gigabytes(used, 'fr')} Go sur ${gigabytes(limit, 'fr')} Go.`,
        passed >= 100
          ? 'Plus rien ne peut être ajouté tant que de la place n’est pas faite.'
          : 'Une fois l’espace plein, plus rien ne pourra être ajouté.',
        'La corbeille compte aussi : la vider libère sa place aussitôt.',
      ],
      action: { label: 'Ouvrir la médiathèque', url: `${site.url}/media` },
    }),
    en: ({ level: passed, used, limit }, site) => ({
      subject: passed >= 100 ? `Storage full: ${site.name}` : `Storage ${passed} % full: ${site.name}`,
      paragraphs: [
        `The files of ${site.name} take ${gigabytes(used, 'en')} GB of ${gigabytes(limit, 'en')} GB.`,
        passed >= 100
          ? 'Nothing more can be added until room is made.'
          : 'Once it is full, nothing more can be added.',
        'The trash counts too: emptying it gives its room back at once.',
      ],
      action: { label: 'Open the media library', url: `${site.url}/media` },
    }),
  },
});

export const mediaMails: readonly MailDefinition[] = [level];
