/** What the trail says of people of the roster: that something changed, and enough to tell them apart, not their data. */

interface Named {
  last_name?: string | null;
  first_name?: string | null;
  email?: string | null;
  phone?: string | null;
  address?: string | null;
  birth_date?: string | null;
}

const initial = (text: string): string => `${text.slice(0, 1)}…`;

/** Personal data shortened to what tells that it is there. Other fields as they are. */
export function shownPerson(person: Named & object): Record<string, unknown> {
  const { last_name: last, first_name: first, email, phone, address, birth_date: birth, ...rest } = person;
  return {
    ...rest,
    ...(last ? { last_name: initial(last) } : {}),
    ...(first ? { first_name: initial(first) } : {}),
    ...(email ? { email: `${initial(email)}@…` } : {}),
    ...(phone ? { phone: `…${phone.slice(-2)}` } : {}),
    ...(address ? { address: '…' } : {}),
    ...(birth ? { birth_date: `${birth.slice(0, 4)}-…` } : {}),
  };
}

/** Names of the fields that differ. */
export const changedFields = (before: object, patch: object): string[] =>
  Object.entries(patch)
    .filter(([name, value]) => (before as Record<string, unknown>)[name] !== value)
    .map(([name]) => name);
