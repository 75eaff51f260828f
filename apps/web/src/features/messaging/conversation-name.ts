import type { Conversation } from '@preau/contracts/messaging';

/** What a conversation is called for its reader: its subject, its group, or whom it is with. */
export function nameOf({ subject, group, people }: Conversation, reader: string | undefined): string {
  if (subject) return subject;
  if (group) return group.name;
  const others = people.filter(({ id }) => id !== reader);
  return (others.length > 0 ? others : people).map(({ full_name: name }) => name).join(', ');
}
