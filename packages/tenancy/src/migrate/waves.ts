const GROWTH = 4;

/**
 * Cuts schools into waves: the first of the given size, each further one four times as large. One wave of all where no size
 * is given.
 */
export function wavesOf<T>(schools: readonly T[], first: number | undefined): T[][] {
  if (first === undefined) return [[...schools]];
  const waves: T[][] = [];
  for (let from = 0, size = Math.max(1, first); from < schools.length; from += size, size *= GROWTH) {
    waves.push(schools.slice(from, from + size));
  }
  return waves;
}
