import type { CentralTrx } from '@preau/tenancy';
import { subdomainProblem } from '../domains/index.ts';

/** Room for a number within the 63 characters of a label. */
const STEM = 60;

/**
 * Why a subdomain cannot be had, or null; whether it is taken, and then one that is not.
 * @param held names that are kept for somebody besides those of schools
 */
export async function subdomainAvailability(
  trx: CentralTrx,
  text: string,
  baseDomain: string,
  held: readonly string[] = [],
) {
  const subdomain = text.trim().toLowerCase();
  const problem = subdomainProblem(subdomain);
  if (problem) return { subdomain, problem, taken: false, suggestion: null };
  const stem = subdomain.slice(0, STEM);
  const { rows } = await trx.raw(
    `SELECT subdomain FROM public.tenants WHERE subdomain = :subdomain OR subdomain LIKE :numbered
     UNION SELECT split_part(domain, '.', 1) FROM public.domains
     WHERE domain = :host OR domain LIKE :numberedHost`,
    {
      subdomain,
      numbered: `${stem}-%`,
      host: `${subdomain}.${baseDomain}`,
      numberedHost: `${stem}-%.${baseDomain}`,
    },
  );
  const taken = new Set([...rows.map((row: { subdomain: string }) => row.subdomain), ...held]);
  if (!taken.has(subdomain)) return { subdomain, problem: null, taken: false, suggestion: null };
  let number = 2;
  while (taken.has(`${stem}-${number}`)) number += 1;
  return { subdomain, problem: null, taken: true, suggestion: `${stem}-${number}` };
}
