import type { RoleRule } from '@preau/contracts/single-sign-on';
import type { SchoolRole } from '@preau/contracts/vocabulary';

/** What a provider says of a person, as far as it is used. */
export interface ExternalPerson {
  issuer: string;
  subject: string;
  /** Lower case; null unless the provider has verified it. */
  email: string | null;
  fullName: string;
  /** Null: no rule fits, and there is no role for everybody. */
  role: SchoolRole | null;
}

type Claims = Readonly<Record<string, unknown>>;

/** The value of a claim, by its name or by a path of names with dots (`realm_access.roles`). */
function claimAt(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  return path.split('.').reduce<unknown>((value, name) => {
    const inside = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    return inside ? (value as Claims)[name] : undefined;
  }, claims);
}

/** The role of the first rule whose value the claim is, or contains. */
export function roleFrom(
  claims: Claims,
  rules: { role_claim: string; role_rules: readonly RoleRule[]; default_role: SchoolRole | null },
): SchoolRole | null {
  const claim = rules.role_claim === '' ? undefined : claimAt(claims, rules.role_claim);
  const values = new Set([claim].flat().filter((value) => typeof value === 'string'));
  return rules.role_rules.find(({ value }) => values.has(value))?.role ?? rules.default_role;
}

const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

export function emailFrom(claims: Claims): string | null {
  const email = text(claims['email']).toLowerCase();
  return claims['email_verified'] === true && /^[^@\s]+@[^@\s]+$/.test(email) && email.length <= 254
    ? email
    : null;
}

export function nameFrom(claims: Claims, email: string | null): string {
  const parts = [text(claims['given_name']), text(claims['family_name'])].filter(Boolean).join(' ');
  return (text(claims['name']) || parts || email?.split('@')[0] || 'Sans nom').slice(0, 200);
}

/** Whether an address is of one of the domains; of any when there are none. */
export const isOfDomains = (email: string, domains: readonly string[]): boolean =>
  domains.length === 0 || domains.includes(email.slice(email.lastIndexOf('@') + 1));
