import type { MessagingSettings } from '@preau/contracts/messaging';
import type { SchoolRole } from '@preau/contracts/vocabulary';
import type { TenantTrx } from '@preau/tenancy';
import { MessagingChoice } from './messaging.model.ts';

const STAFF: SchoolRole[] = ['admin', 'teacher', 'staff'];
const between = (from: readonly SchoolRole[], to: readonly SchoolRole[]) =>
  from.flatMap((one) => to.map((other) => ({ from: one, to: other })));

/** Adults write to everybody; pupils and parents write to the staff, not to one another, unless the school wants it. */
export const DEFAULT_SETTINGS: MessagingSettings = {
  pairs: [...between(STAFF, [...STAFF, 'parent', 'student']), ...between(['parent', 'student'], STAFF)],
  retention_days: 365,
};

export async function settingsOf(trx: TenantTrx): Promise<MessagingSettings> {
  const choice = await MessagingChoice.query(trx).findById(1);
  return choice ? { pairs: choice.pairs, retention_days: choice.retention_days } : DEFAULT_SETTINGS;
}

export async function saveSettings(trx: TenantTrx, settings: MessagingSettings): Promise<void> {
  await MessagingChoice.query(trx)
    .insert({ id: 1, ...settings })
    .onConflict('id')
    .merge();
}

/** Roles that somebody of a role may begin a conversation with. */
export const reachable = ({ pairs }: MessagingSettings, role: SchoolRole): Set<SchoolRole> =>
  new Set(pairs.filter(({ from }) => from === role).map(({ to }) => to));

/** Groups are written to by those who may see who is in them. */
export const mayWriteToGroups = (role: SchoolRole): boolean => STAFF.includes(role);
