import type { SchoolType } from '@preau/contracts/vocabulary';

/** Invented so that nobody takes them for somebody: what is behind the first name says it. */
const FIRST_NAMES = [
  'Alba',
  'Basile',
  'Céleste',
  'Dario',
  'Élise',
  'Fantin',
  'Gaïa',
  'Hippolyte',
  'Inès',
  'Joachim',
  'Kenza',
  'Lubin',
  'Maëlle',
  'Nour',
  'Octave',
  'Perle',
  'Quentin',
  'Rosalie',
  'Sacha',
  'Tiphaine',
  'Ulysse',
  'Violette',
  'Wassim',
  'Yuna',
] as const;
const LAST_NAMES = ['Exemple', 'Modèle', 'Fictif', 'Essai', 'Démo', 'Spécimen'] as const;

const CLASSES: Partial<Record<SchoolType, readonly { name: string; level: string; born: number }[]>> = {
  lycee: [
    { name: '2de A', level: 'Seconde', born: 2011 },
    { name: '1re B', level: 'Première', born: 2010 },
    { name: 'Tle C', level: 'Terminale', born: 2009 },
  ],
  college: [
    { name: '6e A', level: 'Sixième', born: 2015 },
    { name: '4e B', level: 'Quatrième', born: 2013 },
    { name: '3e C', level: 'Troisième', born: 2012 },
  ],
  ecole: [
    { name: 'CP', level: 'CP', born: 2020 },
    { name: 'CE2', level: 'CE2', born: 2018 },
    { name: 'CM2', level: 'CM2', born: 2016 },
  ],
};

const TEACHERS = [
  { last_name: 'Enseignante (démo)', first_name: 'Claire', subject: 'Lettres' },
  { last_name: 'Professeur (démo)', first_name: 'Marc', subject: 'Mathématiques' },
] as const;
const nameOf = ({ first_name: first, last_name: last }: (typeof TEACHERS)[number]) => `${first} ${last}`;

/** The roster of a demo school as a file of data would hold it; its demo accounts are tied to their records. */
export function demoRoster(schoolType: SchoolType, subdomain: string): object {
  const classes = CLASSES[schoolType] ?? [];
  const account = (label: string) => `${label}@${subdomain}.invalid`;
  return {
    student_records: {
      school_year: { name: '2026-2027', starts_on: '2026-09-01', ends_on: '2027-08-31' },
      staff: [
        { ...TEACHERS[0], job: 'teacher', account: account('enseignante') },
        { ...TEACHERS[1], job: 'teacher' },
        { last_name: 'Vie scolaire (démo)', first_name: 'Inaya', job: 'school_life', subject: 'Accueil' },
      ],
      classes: classes.map(({ name, level }, at) => ({
        name,
        level,
        teachers: (at === 2 ? TEACHERS.slice(1) : TEACHERS).map(nameOf),
      })),
      students: FIRST_NAMES.map((first_name, at) => {
        const place = classes[at % classes.length];
        const last_name = LAST_NAMES[at % LAST_NAMES.length] ?? 'Exemple';
        return {
          last_name,
          first_name,
          external_id: `DEMO${String(at + 1).padStart(3, '0')}`,
          birth_date: `${place?.born ?? 2012}-${String((at % 12) + 1).padStart(2, '0')}-${String(at + 3).padStart(2, '0')}`,
          class: place?.name,
          ...(at === 0 ? { account: account('eleve') } : {}),
          guardians: [
            {
              last_name,
              first_name: at === 0 ? 'Parent (démo)' : `Parent de ${first_name}`,
              relation: 'parent',
              may_collect: true,
              ...(at === 0 ? { email: account('parent'), account: account('parent') } : {}),
            },
          ],
        };
      }),
    },
  };
}
