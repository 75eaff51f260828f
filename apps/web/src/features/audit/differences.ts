/** One thing that a change changed; undefined where there was nothing, or is nothing any more. */
export interface Difference {
  key: string;
  before: string | undefined;
  after: string | undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const told = (value: unknown): string | undefined => {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** Values by their path, so that one setting among eight is one difference and not all of them. */
function leaves(value: unknown, path = ''): [string, unknown][] {
  if (!isRecord(value)) return path === '' && (value === null || value === undefined) ? [] : [[path, value]];
  return Object.entries(value).flatMap(([key, entry]) => leaves(entry, path ? `${path}.${key}` : key));
}

/** What differs between before and after, in the order of the keys. */
export function differencesOf(before: unknown, after: unknown): Difference[] {
  const [was, is] = [new Map(leaves(before)), new Map(leaves(after))];
  return [...new Set([...was.keys(), ...is.keys()])]
    .map((key) => ({ key, before: told(was.get(key)), after: told(is.get(key)) }))
    .filter((difference) => difference.before !== difference.after)
    .toSorted((one, other) => one.key.localeCompare(other.key));
}
