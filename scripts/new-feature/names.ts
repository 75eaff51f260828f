/** Everything that a feature is called, from its name in the plural. */
export interface FeatureNames {
  /** `school-trips`: folder, path, tag. */
  path: string;
  /** `school-trip`: file names. */
  file: string;
  /** `school_trips`: table, module key, first half of its permissions. */
  key: string;
  /** `school_trip`: noun of its audit rows. */
  auditNoun: string;
  /** `schoolTrips` and `schoolTrip`. */
  things: string;
  thing: string;
  /** `SchoolTrips` and `SchoolTrip`. */
  Things: string;
  Thing: string;
  /** `school trips`, `School trips` and `school trip`. */
  words: string;
  Words: string;
  word: string;
  /** The words on a French screen, with their capital. */
  french: string;
}

const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** Leaves room for `t_…`-qualified index names below PostgreSQL's 63 bytes. */
const LONGEST = 40;

const RESERVED = new Set(
  'await break case catch class const continue debugger default delete do else enum export extends false finally for function if import in instanceof let new null package return static super switch this throw true try typeof var void while with yield'.split(
    ' ',
  ),
);

const pascal = (name: string): string =>
  name.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const camel = (name: string): string => {
  const text = pascal(name);
  return text.charAt(0).toLowerCase() + text.slice(1);
};
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `trips` → `trip`, `policies` → `policy`; a word without a plural ending stays. */
function guessSingular(plural: string): string {
  if (plural.endsWith('ies')) return `${plural.slice(0, -3)}y`;
  return plural.endsWith('s') && !plural.endsWith('ss') ? plural.slice(0, -1) : plural;
}

/** Words that can stand in a JSON string, a message of vue-i18n and a quoted string as they are. */
function onScreen(text: string): string {
  const typographic = text.replaceAll("'", '’');
  if (!/^[\p{L}\p{N} ’,.-]+$/u.test(typographic))
    throw new Error(`${text}: letters, digits and spaces are expected`);
  return typographic;
}

/** @throws Error for a name that cannot be a folder, a table and an identifier at once. */
export function namesOf(name: string, singular = guessSingular(name), french?: string): FeatureNames {
  for (const text of [name, singular]) {
    if (!KEBAB.test(text) || text.length > LONGEST) {
      throw new Error(
        `${text}: lower-case words with hyphens are expected, ${LONGEST} characters at most (school-trips)`,
      );
    }
    if (RESERVED.has(camel(text)))
      throw new Error(`${text}: a word of the language; choose another name, or give --singular`);
  }
  const words = name.replaceAll('-', ' ');
  return {
    path: name,
    file: singular,
    key: name.replaceAll('-', '_'),
    auditNoun: singular.replaceAll('-', '_'),
    things: camel(name),
    thing: camel(singular),
    Things: pascal(name),
    Thing: pascal(singular),
    words,
    Words: capital(words),
    word: singular.replaceAll('-', ' '),
    french: onScreen(french ?? capital(words)),
  };
}
