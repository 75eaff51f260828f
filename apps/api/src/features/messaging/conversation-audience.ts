import type { TenantTrx } from '@preau/tenancy';
import { userIdsOfGroups } from '../groups/index.ts';
import type { RealtimeHub } from '../realtime/index.ts';
import { ConversationPerson } from './messaging.model.ts';

/** Ids of those who see a conversation. */
export async function audienceOf(trx: TenantTrx, id: string, groupId: string | null): Promise<string[]> {
  const people = await ConversationPerson.query(trx).where({ conversation_id: id, invited: true });
  const ofGroup = groupId ? await userIdsOfGroups(trx, [groupId]) : [];
  return [...new Set([...people.map(({ user_id }) => user_id), ...ofGroup])];
}

/** Open pages of those who see it hear that it changed; what was said they ask for. */
export async function announce(
  realtime: RealtimeHub,
  trx: TenantTrx,
  id: string,
  groupId: string | null,
): Promise<void> {
  const data = { conversation_id: id };
  if (groupId) await realtime.tell(trx, { to: 'group', id: groupId }, 'messages.changed', data);
  const people = await ConversationPerson.query(trx).where({ conversation_id: id, invited: true });
  for (const { user_id } of people)
    await realtime.tell(trx, { to: 'user', id: user_id }, 'messages.changed', data);
}
