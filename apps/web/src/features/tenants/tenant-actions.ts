import type { Tenant } from '@preau/contracts/tenants';
import type { TenantStatus } from '@preau/contracts/vocabulary';

export const ACTIONS = [
  'provision',
  'activate',
  'deactivate',
  'archive',
  'restore',
  'purge',
  'invite',
] as const;
export type Action = (typeof ACTIONS)[number];

const FIRST: Readonly<Record<TenantStatus, Action | null>> = {
  pending: 'provision',
  provisioning: null,
  failed: 'provision',
  active: 'deactivate',
  inactive: 'activate',
  archived: 'restore',
};

/** What can be done with a school in its state, the likeliest first; the API has the last word. */
export function actionsFor({ status, provisioned_at }: Pick<Tenant, 'status' | 'provisioned_at'>): Action[] {
  const first = FIRST[status];
  if (first === null) return [];
  if (first === 'restore') return [first, 'purge'];
  return [first, ...(provisioned_at ? (['invite'] as const) : []), 'archive', 'purge'];
}
