import { subdomainOf } from '@preau/contracts/subdomain-of';
import { subdomainProblem } from '../domains/index.ts';
import type { DescribedSchool } from './school-of-line.ts';

const LONGEST = 63;

/** A name and what tells it from its likes, within the length of a label. */
const joined = (stem: string, ...rest: string[]): string => {
  const tail = rest.filter(Boolean).join('-');
  const room = LONGEST - tail.length - 1;
  return tail === ''
    ? stem
    : `${stem.slice(0, Math.max(1, room)).replace(/-+$/, '')}-${tail}`.slice(0, LONGEST);
};

/**
 * Addresses for a school, best first: its name; with its city; with its postal code; with its UAI, which is its own. One of
 * several that share a name in the file never gets the bare one, so that the order of the lines decides nothing.
 */
export function subdomainCandidates(school: DescribedSchool, nameIsShared: boolean): string[] {
  const name = subdomainOf(school.school_name ?? '') || 'ecole';
  const city = subdomainOf(school.city ?? '');
  // A name that says its city already does not say it twice.
  const place = `-${name}-`.includes(`-${city}-`) ? '' : city;
  const candidates = [
    ...(nameIsShared ? [] : [name]),
    ...(place === '' ? [] : [joined(name, place)]),
    joined(name, place, subdomainOf(school.postal_code ?? '')),
    joined(name, subdomainOf(school.uai ?? '')),
  ];
  return [...new Set(candidates)].filter((label) => subdomainProblem(label) === null);
}
